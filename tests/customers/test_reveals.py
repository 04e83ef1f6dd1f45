"""Opening what is masked: for a reason, once, and written down for good."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from console.customers.models import Customer, Reveal
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, StaffFactory

WHY = "The customer is on the line"


@pytest.fixture
def jana(nordbank: Organization) -> Customer:
    customer: Customer = CustomerFactory(
        organization=nordbank,
        name="Jana Nováková",
        email="jana@mail.example",
        phone="+420 601 234 589",
        custom_data={"shoe": "size 39"},
    )
    return customer


def ask(staff: Staff, customer: Customer, **data: Any) -> Any:
    url = customer.organization.url("customers:customer_reveal", customer.pk)
    return signed_in(staff).post(url, data)


def test_what_was_asked_for_is_shown_once_and_written_down(jana: Customer, bob: Staff) -> None:
    answer = ask(bob, jana, parts=["phone", "data"], why=WHY, note="case 77")
    page = answer.content.decode()
    assert "+420 601 234 589" in page
    assert "size 39" in page
    assert "Jana" not in page
    assert "jana@" not in page
    kept = Reveal.objects.get()
    assert (kept.organization, kept.staff, kept.customer) == (jana.organization, bob, jana)
    assert (kept.parts, kept.reason) == (["data", "phone"], f"{WHY}: case 77")
    again = signed_in(bob).get(jana.get_absolute_url()).content.decode()
    assert "601 234" not in again
    assert "case 77" in again


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"parts": ["name"]},
        {"why": WHY},
        {"parts": ["everything"], "why": WHY},
        {"parts": ["name"], "why": "other", "note": " no "},
        {"parts": ["name"], "why": "because"},
    ],
)
def test_without_a_part_and_a_reason_nothing_opens(said: dict[str, Any], jana: Customer, bob: Staff) -> None:
    answer = ask(bob, jana, **said)
    assert answer.status_code == 422
    assert "Jana" not in answer.content.decode()
    assert not Reveal.objects.exists()


def test_another_reason_is_kept_as_it_is_written(jana: Customer, bob: Staff) -> None:
    assert (
        "Jana Nováková" in ask(bob, jana, parts=["name"], why="other", note="Court order 12").content.decode()
    )
    assert Reveal.objects.get().reason == "Court order 12"


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.OPERATOR, 403), (Role.MARKETER, 200)])
def test_who_may_reveal(role: str, status: int, jana: Customer) -> None:
    reader = StaffFactory(organization=jana.organization, role=role)
    assert ask(reader, jana, parts=["name"], why=WHY).status_code == status


def test_nobody_reveals_another_banks_customer(
    jana: Customer, charlie: Staff, nordbank: Organization
) -> None:
    Staff.objects.filter(pk=charlie.pk).update(role=Role.ANALYST)
    url = charlie.organization.url("customers:customer_reveal", jana.pk)
    assert signed_in(charlie).post(url, {"parts": ["name"], "why": WHY}).status_code == 404
    assert not Reveal.objects.exists()


def test_a_reveal_is_never_rewritten(jana: Customer, bob: Staff) -> None:
    jana.reveal(["name"], reason=WHY, by=bob, at=NOW)
    for change in ({"reason": "none"}, {"parts": ["phone"]}, {"at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reveal.objects.update(**change)
    bob.delete()
    assert Reveal.objects.get().staff is None
