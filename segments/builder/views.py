"""The builder over HTTP: the page, its operations, the count beside it and the numbers at the rules."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.organizations.access import StaffRequest, allowed, may
from console.wakeup import wake
from segments import tasks
from segments.builder import live as counted
from segments.builder import saving
from segments.builder.culprits import culprit
from segments.builder.filling import fill_funnel
from segments.builder.orders import COUNTS, Outcome, describe, is_overtaken, take_in
from segments.builder.page import FIRST, Page, compose, lexicon_of, put_keeps
from segments.builder.remarks import remarks
from segments.builder.tree import MAX_VALUES, values_in
from segments.catalog import fairness
from segments.forms import SegmentForm
from segments.models import Draft, Segment
from segments.starting.drafts import begin

TEMPLATE = "segments/segment_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def segment_create(request: StaffRequest) -> HttpResponse:
    """A new segment, empty or begun from its address; what is typed is kept as a draft from the first button on."""
    if request.method == "POST":
        return _build(request, _posted_draft(request))
    beginning = begin(request, at=timezone.now())
    return _build(request, beginning.draft, begun=beginning)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def draft_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Go on with a draft of a segment that does not exist yet."""
    return _build(request, get_object_or_404(_own_drafts(request), pk=pk, segment=None))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("segments.edit")
def segment_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The rules of a segment: the person's own draft where there is one, else the version in force."""
    draft = _draft_of(request, pk)
    if (number := values_in(draft.definition)) > MAX_VALUES:
        messages.warning(
            request,
            f"Its rules hold {number:,} values, and a form {MAX_VALUES:,} at most. Change them by the API.",
        )
        return redirect(request.organization.url("segments:segment_detail", pk))
    return _build(request, draft)


@transaction.non_atomic_requests
@require_POST
@allowed("segments.edit")
def preview(request: StaffRequest) -> HttpResponse:
    """Keep what was typed, then count it: the answer fills the aside. The draft is not locked while it is counted.

    An estimate may come first; the page then asks for the exact count, and keeps those whom it has drawn.
    """
    at, order = timezone.now(), request.POST.get("op")
    is_asked, has_drawn = order == "count", "drawn" in request.POST
    with transaction.atomic():
        draft = _posted_draft(request)
        page = _taken_in(request, draft, Outcome(), "count" if is_asked else "typed")[1]
        if is_asked and page.is_sound:
            counted.ask_in_background(page, at)
            draft.save()
    if is_asked and page.is_sound:
        wake(tasks.count_draft, str(draft.pk), organization=draft.organization_id)
    live = counted.look(page, is_exact=order == "exact", has_drawn=has_drawn)
    if draft.is_stored and not live.is_queued:
        draft.save(update_fields=["counts"])
    said = remarks(page, with_cost=live.is_last)
    context = _context(page, live=live, remarks=said, has_drawn=has_drawn, is_swap=True)
    return _told(render(request, f"{TEMPLATE}#counted", context), page, live)


@transaction.non_atomic_requests
@require_POST
@allowed("segments.edit")
def funnel(request: StaffRequest) -> HttpResponse:
    """What each rule leaves, adds or removes, as far as it can be counted in time; nothing of rules not shown yet."""
    draft = _posted_draft(request)
    if is_overtaken(draft, request.POST):
        return HttpResponse(status=204)
    page = _taken_in(request, draft, Outcome(), is_kept=False)[1]
    rows = put_keeps(page.root, fill_funnel(page, is_exact=request.POST.get("op") == "exact"))
    is_estimate = any(row.keeps and row.keeps.sure == "estimate" for row in rows)
    found = culprit(page)
    if draft.is_stored:
        draft.save(update_fields=["counts"])
    context = {"page": page, "rows": rows, "culprit": found, "is_estimate": is_estimate}
    return render(request, f"{TEMPLATE}#funnel", context)


@transaction.non_atomic_requests
@require_POST
@allowed("segments.edit")
def spread(request: StaffRequest) -> HttpResponse:
    """How those who belong are spread, as far as that can be told in time; nothing of rules not shown yet."""
    draft = _posted_draft(request)
    if is_overtaken(draft, request.POST):
        return HttpResponse(status=204)
    page = _taken_in(request, draft, Outcome(), is_kept=False)[1]
    found = counted.spread_of(page)
    return render(request, f"{TEMPLATE}#spread", {"page": page, "spread": found})


@require_safe
@allowed("view")
def fair_lending(request: StaffRequest) -> HttpResponse:
    """What of people lending must not rest on, why, and by which words the builder notices it."""
    return render(request, "segments/fair_lending.html", {"cares": fairness.CARES})


def _own_drafts(request: StaffRequest) -> Any:
    """A person's drafts; while one is changed, what the same page sent before or sends next waits for its turn."""
    drafts = request.staff.segment_drafts.filter(organization=request.organization)
    drafts = drafts.select_related("segment__version", "base")
    return (
        drafts.select_for_update(of=("self",))
        if connection.in_atomic_block and request.method == "POST"
        else drafts
    )


def _posted_draft(request: StaffRequest) -> Draft:
    """The draft that a form names, or a new one."""
    if pk := request.POST.get("draft"):
        return get_object_or_404(_own_drafts(request), pk=saving.uuid_or_404(pk))
    if pk := request.POST.get("segment"):
        return _draft_of(request, saving.uuid_or_404(pk))
    return begin(request, at=timezone.now()).draft


def _draft_of(request: StaffRequest, pk: UUID) -> Draft:
    """The draft of a segment that is in use and kept by rules."""
    segments = request.organization.segments.filter(archived_at=None, kind=Segment.Kind.DYNAMIC)
    segment = get_object_or_404(segments.select_related("version"), pk=pk)
    draft: Draft | None = _own_drafts(request).filter(segment=segment).first()
    return draft or saving.begin(segment, request.staff, at=timezone.now())


def _taken_in(
    request: StaffRequest, draft: Draft, outcome: Outcome, order: str = "", *, is_kept: bool = True
) -> tuple[Outcome, Page]:
    """Read the form, carry out its order, and lay the result out."""
    at = timezone.now()
    typed = {name: str(text).replace("\0", "") for name, text in request.POST.items()}
    describe(draft, typed)
    lexicon = lexicon_of(request.organization, draft)
    if is_kept:
        outcome = take_in(draft, typed, lexicon, at=at, order=order)
    typing = request.POST.get("at") or None if order in ("", *COUNTS) else None
    spare, focus = outcome.spare, outcome.focus
    page = compose(request.organization, draft, lexicon, at, spare=spare, focus=focus, typing=typing)
    return outcome, page


def _build(request: StaffRequest, draft: Draft, **more: Any) -> HttpResponse:
    if request.method != "POST":
        lexicon = lexicon_of(request.organization, draft)
        spare = "/rules/0" if draft.definition is FIRST else None
        page = compose(request.organization, draft, lexicon, timezone.now(), spare=spare)
        more |= {
            "conflict": saving.conflict_since(page),
            "may_declare": may(request.staff, "attributes.edit"),
        }
        return render(request, TEMPLATE, _context(page, **more))
    order = request.POST.get("op", "refresh")
    if order == "discard":
        return saving.discarded(request, draft)
    outcome, page = _taken_in(request, draft, Outcome(), order)
    if order in saving.SAVES:
        return saving.save(request, page, order, _answer)
    told = "Draft saved." if order == "keep" else ""
    return _answer(request, page, replace(outcome, told=told))


def _answer(request: StaffRequest, page: Page, outcome: Outcome, **more: Any) -> HttpResponse:
    """The swapped parts where htmx asked for the tree, else the whole page."""
    is_swap = request.htmx.target == "tree"
    may_declare = may(request.staff, "attributes.edit")
    context = {**_context(page, outcome=outcome, may_declare=may_declare), **more}
    response = render(
        request, f"{TEMPLATE}#changed" if is_swap else TEMPLATE, {**context, "is_swap": is_swap}
    )
    if is_swap:
        response["HX-Trigger-After-Settle"] = "rules-changed"
        if not page.draft.segment_id:
            response["HX-Replace-Url"] = request.organization.url("segments:draft_edit", page.draft.pk)
    return response


def _context(page: Page, **more: Any) -> dict[str, Any]:
    draft = page.draft
    values = {name: getattr(draft, name) for name in ("name", "population", "description", "is_marketing")}
    form = SegmentForm(initial=values, instance=draft.segment, organization=page.counter.organization)
    return {
        "page": page,
        "segment": draft.segment,
        "form": form,
        "live": counted.Live(),
        "remarks": [],
        **more,
    }


def _told(response: HttpResponse, page: Page, live: counted.Live) -> HttpResponse:
    """The faults as an event, for rows that stay as they are while somebody types in them; and that it is counted."""
    faults = [
        {"row": row.id, "words": row.faults, "controls": [c.target for c in row.controls() if c.is_wrong]}
        for row in page.root.walk()
        if row.faults
    ]
    response = saving.with_event(response, "faults", faults)
    if live.is_last:
        response["HX-Trigger"] = "counted"
    return response
