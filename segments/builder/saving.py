"""A draft becomes a version, or is thrown away; and what stands in the way of either."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from console.organizations.access import StaffRequest
from console.organizations.models import Staff
from segments import definition
from segments.builder.lexicon import Lexicon
from segments.builder.orders import Outcome
from segments.builder.page import Page, names_of
from segments.builder.tree import plain
from segments.definition import english
from segments.definition.faults import DefinitionFaults
from segments.forms import SegmentForm
from segments.keeping import SegmentTaken, keep_segment
from segments.models import Draft, Segment, SegmentVersion, VersionConflict

SAVES = ("save", "mine", "theirs")
FIELDS = ("name", "population", "description", "is_marketing")
HEADER_LIMIT = 3000
Answer = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Conflict:
    """Two versions of one segment's rules, each in its own sentence."""

    by: str
    number: int
    mine: str
    theirs: str

    @property
    def next(self) -> int:
        return self.number + 1


def begin(segment: Segment, staff: Staff, *, at: datetime) -> Draft:
    """A draft that starts from the version in force; it is not stored before something changes."""
    version = segment.version
    draft = Draft(organization=segment.organization, staff=staff, segment=segment, base=version, kept_at=at)
    for name in FIELDS:
        setattr(draft, name, getattr(segment, name))
    draft.definition = plain(version.definition) if version else {"combinator": "and", "rules": []}
    return draft


def discarded(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Throw the draft away: back to the segment, or to the list."""
    if draft.is_stored:
        draft.delete()
    messages.info(request, "Draft discarded.")
    segment = draft.segment
    return _leave(
        request, segment.get_absolute_url() if segment else request.organization.url("segments:segment_list")
    )


def save(request: StaffRequest, page: Page, order: str, answer: Answer) -> HttpResponse:
    """Save the draft as the next version and queue its refresh; or show why that can't be."""
    draft = page.draft
    if order == "theirs":
        return discarded(request, draft)
    if order == "mine" and draft.segment:
        draft.base = draft.segment.versions.first()
    values = {name: getattr(draft, name) for name in FIELDS}
    form = SegmentForm(values, instance=draft.segment or Segment(), organization=request.organization)
    if page.marks or not form.is_valid():
        return _refused(request, page, form, answer)
    try:
        segment = _saved(request, draft, form, timezone.now())
    except VersionConflict as conflict:
        shown = conflict_of(page, conflict.latest)
        return answer(request, page, Outcome(words="Somebody saved another version."), conflict=shown)
    except DefinitionFaults as faults:
        problem = {
            "heading": "It can't be saved like this",
            "text": " ".join(fault.message for fault in faults.faults),
        }
        return answer(request, page, Outcome(words=problem["text"]), problem=problem)
    except SegmentTaken as refusal:
        form.add_error("name", str(refusal))
        return _refused(request, page, form, answer)
    number = segment.version.number if segment.version else 0
    words = f"Version {number} saved." if number >= page.number else "Saved; the rules stay as they were."
    messages.success(request, f"{words} Members are being counted.")
    return _leave(request, segment.get_absolute_url())


def _refused(request: StaffRequest, page: Page, form: SegmentForm, answer: Answer) -> HttpResponse:
    """Show every fault, the form's and the rules', and put the focus on the first."""
    return answer(
        request,
        page,
        replace(Outcome(), words="Not saved: something must be put right."),
        form=form,
        is_saving=True,
    )


def _saved(request: StaffRequest, draft: Draft, form: SegmentForm, at: datetime) -> Segment:
    """All of it or nothing; rules that did not change make no version.

    Raises VersionConflict, DefinitionFaults, SegmentTaken.
    """
    with transaction.atomic():
        segment: Segment = form.save(commit=False)
        if not draft.segment:
            segment.owner = request.staff
        keep_segment(segment, fields=FIELDS if draft.segment else None)  # a refresh may be writing the others
        in_force = plain(segment.version.definition) if segment.version else None
        if draft.definition != in_force:
            expected = draft.base.number if draft.base else 0
            segment.save_definition(draft.definition, by=request.staff, at=at, expected=expected)
        segment.request_refresh(by=request.staff, at=at)
        if draft.is_stored:
            draft.delete()
    return segment


def conflict_since(page: Page) -> Conflict | None:
    """What stands against a draft that was begun from a version no longer in force."""
    draft, segment = page.draft, page.draft.segment
    if (
        not draft.is_stored
        or segment is None
        or segment.version is None
        or draft.base_id == segment.version_id
    ):
        return None
    return conflict_of(page, segment.version)


def conflict_of(page: Page, latest: SegmentVersion) -> Conflict:
    theirs = sentence(latest.definition, page.draft.population, page.lexicon, page.counter.organization)
    by = str(latest.created_by) if latest.created_by else "Somebody"
    return Conflict(by, latest.number, page.sentence, theirs)


def sentence(tree: Any, population: str, lexicon: Lexicon, organization: Any) -> str:
    """A stored definition in plain English; in words too when it can't be read any more."""
    try:
        node = definition.parse(tree, population, organization, known=lexicon.known)
    except DefinitionFaults as faults:
        return f"It can't be read any more: {faults.faults[0].message}"
    return english.read_back(node, names_of(lexicon))


def _leave(request: StaffRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def uuid_or_404(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404("There is no such draft.") from error


def with_event(response: HttpResponse, name: str, detail: Any) -> HttpResponse:
    """Let the page hear an event after the swap, in ASCII as headers must be; as many as proxies let pass."""
    fitting = detail[:20]
    while len(written := json.dumps({name: {"rows": fitting}})) > HEADER_LIMIT and fitting:
        fitting = fitting[:-1]
    response["HX-Trigger-After-Swap"] = written
    return response
