"""The page on which many segments are changed at once: it says what will happen to each, then does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from console.listing import Picking
from console.organizations.access import StaffRequest, allowed, may
from segments.many import acts
from segments.many.forms import ACTS, ARCHIVE, DESCRIBE, RESTORE, DescribeForm, PickedForm
from segments.models import Segment


def picking(request: StaffRequest) -> Picking | None:
    """What the person may do with many segments of the list: other things with archived ones."""
    if not may(request.staff, "segments.edit"):
        return None
    is_archive = request.GET.get("state") == "archived"
    actions = [ACTS[DESCRIBE], ACTS[RESTORE if is_archive else ARCHIVE]]
    return Picking(request.organization.url("segments:segment_many"), actions)


@require_POST
@allowed("segments.edit")
def segment_many(request: StaffRequest) -> HttpResponse:
    """Say what will happen to each of them; with `confirmed`, do it and go back to the list."""
    back = f"{request.organization.url('segments:segment_list')}?{request.GET.urlencode()}"
    form = PickedForm(request)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return redirect(back)
    action, segments = form.cleaned_data["action"], form.cleaned_data["segments"]
    is_confirmed = "confirmed" in request.POST
    if action == DESCRIBE:
        said = DescribeForm(
            request, segments, request.POST if {"confirmed", "redraw"} & set(request.POST) else None
        )
        if not said.is_valid():
            return _ask(request, action, segments, back, said)
        _described(request, segments, said.cleaned_data)
    elif not is_confirmed:
        return _ask(request, action, segments, back)
    else:
        _tell(request, action, segments)
    return redirect(back)


def _ask(
    request: StaffRequest, action: str, segments: list[Segment], back: str, form: DescribeForm | None = None
) -> HttpResponse:
    stay = acts.staying(segments) if action == ARCHIVE else {}
    context: dict[str, Any] = {"action": action, "act": ACTS[action], "form": form, "back": back}
    context |= {"lines": [(segment, stay.get(segment, "")) for segment in segments]}
    number = len(segments) - len(stay)
    which = f"{number:,} segment{'' if number == 1 else 's'}"
    context |= {"number": number, "agreed": f"Archive {which}" if action == ARCHIVE else f"Use {which} again"}
    status = 422 if form and form.is_bound and form.errors else 200
    return render(request, "segments/segment_many.html", context, status=status)


def _described(request: StaffRequest, segments: list[Segment], said: dict[str, Any]) -> None:
    rows = request.organization.segments.filter(pk__in=[one.pk for one in segments])
    number = acts.describe(rows, added=said["added"], removed=said.get("removed", ()), owner=said["owner"])
    messages.success(request, f"{_many(number)} changed." if number else "They said all of that already.")


def _tell(request: StaffRequest, action: str, segments: list[Segment]) -> None:
    """Do it, and say of how many it is done and why the others stay as they were."""
    now = timezone.now()
    outcome = (
        acts.archive(segments, at=now)
        if action == ARCHIVE
        else acts.restore(segments, by=request.staff, at=now)
    )
    if outcome.done:
        done = "archived" if action == ARCHIVE else "in use again"
        messages.success(request, f"{_many(len(outcome.done))} {done}.")
    for segment in outcome.leaving:
        messages.info(request, f"“{segment}” goes when the last account has left it.")
    if outcome.refused:
        messages.error(
            request, f"{_many(len(outcome.refused))} as before. {' '.join(outcome.refused.values())}"
        )


def _many(number: int) -> str:
    return f"{number:,} segment is" if number == 1 else f"{number:,} segments are"
