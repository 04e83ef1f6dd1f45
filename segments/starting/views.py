"""The page of ready-made segments: choose one, set its figures, and the builder opens with its rules."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from console.organizations.access import StaffRequest, allowed
from segments import definition
from segments.catalog import Field
from segments.definition import english
from segments.starting.ready_made import ALL, BY_KEY, ReadyMade

Known = dict[str, dict[str, Field]]


@require_safe
@allowed("segments.edit")
def ready_made_list(request: StaffRequest) -> HttpResponse:
    """Each with what it is for, its rules in a sentence, and its figures; figures that can't be read say why."""
    asked = BY_KEY.get(request.GET.get("ready", ""))
    known: Known = {}
    cards = [_card(request, one, known, is_asked=one is asked) for one in ALL]
    chosen = next((card for card in cards if card["form"].is_bound), None)
    if chosen and chosen["form"].is_valid():
        return redirect(f"{request.organization.url('segments:segment_create')}?{request.GET.urlencode()}")
    return render(request, "segments/ready_made_list.html", {"cards": cards}, status=422 if chosen else 200)


def _card(request: StaffRequest, ready: ReadyMade, known: Known, *, is_asked: bool) -> dict[str, Any]:
    if not ready.is_had(request.organization):
        return {"ready": ready, "form": ready.form(None, request.organization), "needs": ready.needs}
    form = ready.form(request.GET if is_asked else None, request.organization)
    usual = ready.form(ready.usual(), request.organization)
    usual.full_clean()
    rules = ready.definition(usual.cleaned_data)
    parsed = definition.parse(rules, ready.population, request.organization, known=known)
    return {"ready": ready, "form": form, "sentence": english.read_back(parsed)}
