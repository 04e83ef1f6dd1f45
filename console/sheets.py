"""Sheets: a form about one record beside the page that it was opened from; a page of its own without script or room."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from console import keeping
from console.editing import Editing
from console.keeping import Refusal, Tie, held, ties_of
from console.metadata import MetadataField
from console.organizations.access import StaffRequest
from console.picking import PickField, Source
from console.statuses import STATUSES, with_present
from console.wording import Form, Redrawn

# What a view with a sheet answers.
EDITED = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Sheet:
    """What stands around a form: its title, the page above it, what its button says; `about`: what it is for."""

    title: str
    up: str
    up_url: str
    action: str = "Save"
    busy: str = "Saving…"
    about: str = ""


class RecordForm(Redrawn, Editing, Form):
    """A form about one record, new or kept: its fields are the record's, by their names."""

    def __init__(self, request: StaffRequest, record: Any) -> None:
        self.request, self.record = request, record
        names = [name for name in self.base_fields if hasattr(type(record), name)]
        initial = {name: getattr(record, name) for name in names}
        data = request.POST if request.method == "POST" else None
        super().__init__(data, initial=initial, auto_id="record_%s")
        self.offer()
        for field in self.fields.values():
            if isinstance(field, PickField):
                field.widget.url = request.get_full_path()
            if isinstance(field, MetadataField):
                field.keep_unshown(record.metadata)
        state = self.fields.get("status")
        if isinstance(state, forms.ChoiceField):
            state.choices = with_present(self.statuses(), record.status)

    def offer(self) -> None:
        """For choices that depend on the organization, and fields that a kept record has not."""

    def offers(self, name: str, source: Source) -> None:
        """What there is to choose in the field `name`, a PickField."""
        widget: Any = self.fields[name].widget
        widget.source = source

    def statuses(self) -> dict[str, str]:
        """The states that staff can choose, beside the one that the API may have set."""
        return STATUSES

    @property
    def is_new(self) -> bool:
        """Whether the record is not there yet."""
        is_adding: bool = self.record._state.adding
        return is_adding

    def put(self) -> None:
        """Put what was said on the record."""
        for name, value in self.cleaned_data.items():
            if hasattr(type(self.record), name):
                setattr(self.record, name, value)

    @property
    def locked(self) -> list[tuple[str, Any]]:
        """What was fixed when the record was made, by name and value."""
        return []


def show_sheet(request: StaffRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """The page, or its partial `sheet` where the page below asks for that."""
    part = "#sheet" if request.htmx.target == "sheet" else ""
    return render(request, f"{template}{part}", context, status=status)


def leave(request: StaffRequest, url: str, words: str) -> HttpResponse:
    """Say what was done, and go on at `url`."""
    messages.success(request, words)
    return HttpResponseClientRedirect(url) if request.htmx.target == "sheet" else redirect(url)


def show_form(request: StaffRequest, form: RecordForm, sheet: Sheet, **context: Any) -> HttpResponse:
    """The form, with what is to be put right where something is."""
    status = 422 if form.is_bound and form.errors else 200
    return show_sheet(request, "sheets/form.html", status, form=form, sheet=sheet, **context)


def delete(request: StaffRequest, record: Any, sheet: Sheet, *, after: str, name: str) -> HttpResponse:
    """Say what hangs on the record and ask; asked by POST, delete it and go on at `after`, or where one sees it going.

    `name` is what it is called in a sentence, such as “ledger Retail”. What keeps it is said in place of the button.
    """
    if request.method == "POST":
        try:
            with transaction.atomic():
                if (present := held(record)) is None:
                    raise Http404(f"{name} was deleted meanwhile.")
                work = keeping.end(present, at=timezone.now())
        except Refusal:
            status = 422
        else:
            done = "is being deleted" if work else "is deleted"
            return leave(request, work or after, f"{name[:1].upper()}{name[1:]} {done}.")
    else:
        status = 200
    ties: list[Tie] = ties_of(record)
    context = {
        "ties": [tie for tie in ties if tie.is_there or tie.keeps],
        "keeps": [str(tie.keeps) for tie in ties if tie.keeps],
        "name": name,
    }
    return show_sheet(request, "sheets/delete.html", status, sheet=sheet, record=record, **context)
