"""Forms of one's own bank, sent with ids of another: whatever a page lets people choose, tick or carry along."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client

from console.organizations.access import POLICY
from console.organizations.models import Organization, Role
from tests.conftest import signed_in
from tests.walls.forms import Control, Fields, Form
from tests.walls.report import Walk
from tests.walls.walking import HTMX, THEIRS, Bank, content, own, pattern, read, undone
from tests.walls.witness import Witness, first_wall_alone, written

# Together they may do everything, and each decides on what the other asked for.
SENDERS = (Role.ADMIN, Role.APPROVER)
PLACES = ("text", "search", "textarea")


@dataclass(frozen=True)
class Sending:
    """One form as it can be sent: by whom, where to, with what, and how many of its values are foreign."""

    role: str
    client: Client
    url: str
    form: Form
    fields: Fields
    foreign: tuple[str, ...] = ()

    def go(self, **headers: str) -> Any:
        return self.client.post(self.url, {**self.fields, **self.form.files()}, headers=headers)

    def given(self, **fields: list[str]) -> "Sending":
        return replace(self, fields={**self.fields, **fields}, foreign=tuple(fields))


def sendings(bank: Organization, urls: dict[str, str]) -> list[Sending]:
    """Every form that pages show to anybody, once by each of its buttons."""
    found: dict[Any, Sending] = {}
    for role in SENDERS:
        client = signed_in(bank.staff.get(role=role))
        for page in read(client, urls.values()):
            for url, form in page.sent():
                for fields in form.submissions():
                    pressed = tuple(fields.get(name, [""])[0].split(":")[0] for name, _ in form.buttons)
                    known = (url, form.names(), pressed)
                    found.setdefault(known, Sending(role, client, url, form, fields))
    return list(found.values())


def with_foreign_ids(sending: Sending, witness: Witness) -> Iterator[Sending]:
    """The same with ids of theirs: field by field, then in all of them at once."""
    swapped: Fields = {}
    for control in sending.form.controls:
        offered = [*sending.fields.get(control.name, []), *control.options]
        there = [other for value in offered if (other := witness.swapped(value)) != value]
        if there:
            swapped[control.name] = there if control.kind == "checkbox" else there[:1]
    yield from (sending.given(**{name: values}) for name, values in swapped.items())
    if len(swapped) > 1:
        yield sending.given(**swapped)


def written_in(sending: Sending, text: str) -> Iterator[Sending]:
    """The same with `text` in each field in which one may write and nothing has to stand."""

    def is_open(control: Control) -> bool:
        return control.kind in PLACES and not control.value and not control.is_required

    yield from (sending.given(**{each.name: [text]}) for each in sending.form.controls if is_open(each))


@pytest.mark.django_db
def test_no_form_takes_an_id_of_another_bank(ours: Bank, theirs: Bank, walk: Callable[[str], Walk]) -> None:
    assert all(roles & set(SENDERS) for roles in POLICY.values())
    every = sendings(ours[0], own(ours))
    witness, tried = Witness(ours[0], theirs[0]), walk("ids in bodies")
    reference = theirs[0].customers.get().external_id
    accepted = 0
    for sending in every:
        with undone():
            accepted += sending.go().status_code < 400
        for attempt in (*with_foreign_ids(sending, witness), *written_in(sending, reference)):
            check(attempt, witness, tried)
    assert tried.leaks == []
    assert accepted > len(every) * 0.8, "what is sent would be taken, were it not for the ids"
    assert len(tried.addresses) > 10


def check(attempt: Sending, witness: Witness, tried: Walk) -> None:
    """Send it, and write down a leak when it was taken, failed, or told something."""
    path = pattern(attempt.url)
    for way, headers in (("POST", {}), ("POST by htmx", HTMX)):
        with undone():
            before = written()
            with first_wall_alone():
                answer = attempt.go(**headers)
                text = content(answer)
            faults = witness.faults() if written() > before else []
        tried.asked(path, attempt.role, way, status=answer.status_code, ids=len(attempt.foreign))
        if answer.status_code >= 500 or THEIRS in text or faults:
            tried.found(f"{way} {attempt.url} {attempt.foreign}: {answer.status_code} {faults[:3]}")
