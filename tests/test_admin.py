"""Django admin: opens for platform admins only, shows every kind of row, and changes nothing of the record."""

from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communications.models import Message
from console import readonly
from console.balances.models import Transaction
from console.ledgers.models import Ledger
from console.organizations.models import Approval, AuditEvent, Staff, User
from console.portfolios.models import Account
from console.readonly import ReadOnly
from segments.models import AccountMembership
from tests.conftest import proven, signed_in
from tests.factories import LedgerFactory, UserFactory
from tests.money import book
from tests.staff.test_staff import listed
from tests.walls.bank import furnished

OURS = ("console", "segments", "communications", "alerts")
MODELS = [one for one in apps.get_models() if one.__module__.startswith(OURS)]
SHOWN = [one for one in MODELS if one in admin.site._registry]
EDITABLE = {"Organization", "User"}
# What is not shown there, and why.
LEFT_OUT = {
    "organizations.IdempotencyKey": "What requests were answered, names among it, for some minutes.",
    "balances.Income": "A view: the transactions behind it are shown.",
    "balances.DailyBalance": "Its key is of two columns, which no address of the admin can name.",
    "alerts.AccountState": "Its key is of two columns; its alerts are shown.",
    "imports.RejectedRow": "Cells of a file as they came: personal data, for those who mend the file.",
    "imports.SeenKey": "Scratch of a running import.",
    "segments.BulkItem": "Its key is of two columns; the change that it is of is shown.",
    "segments.Favourite": "A bookmark of one person's own.",
    "segments.Draft": "Nobody's but its writer's until it is saved.",
    "segments.Touched": "Notes for the next refresh, by the million; gone after it.",
    "segments.Freshness": "Has no key of its own but its segment's, and follows from its rules.",
    "communications.EndpointSecret": "A secret.",
    "communications.RenderedCopy": "What was written to a person.",
}
MOST_OF_A_LIST, MOST_OF_A_ROW = 10, 24


@pytest.fixture
def every_variable_is_given() -> None:
    """Not here: the admin's own templates leave gaps."""


@pytest.fixture
def platform(db: None) -> Client:
    return proven(UserFactory(is_staff=True, is_superuser=True))


def address(model: Any, what: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def test_every_model_is_shown_or_left_out_for_a_reason() -> None:
    assert {one._meta.label for one in MODELS} - {one._meta.label for one in SHOWN} == set(LEFT_OUT)


def test_only_what_is_few_can_be_changed_there() -> None:
    changeable = {one.__name__ for one in SHOWN if not isinstance(admin.site._registry[one], ReadOnly)}
    assert changeable == EDITABLE


def test_every_list_search_and_row_opens_with_few_questions(platform: Client) -> None:
    for slug in ("northbank", "southbank"):
        bank, _ = furnished(slug, slug.title())
        book(bank.accounts.get(), [("2026-11-01", "1"), ("2026-11-02", "1")])
    faults = []

    def ask(model: Any, url: str, most: int, **asked: Any) -> None:
        with CaptureQueriesContext(connection) as queries:
            answer = platform.get(url, asked)
        if answer.status_code != 200 or len(queries) > most:
            faults.append(f"{model._meta.label} {url} {asked}: {answer.status_code}, {len(queries)} queries")

    for model in SHOWN:
        ask(model, address(model, "changelist"), MOST_OF_A_LIST)
        for words in ("A0", "7", str(uuid4())):
            ask(model, address(model, "changelist"), MOST_OF_A_LIST, q=words)
        row = model._base_manager.first()
        if row is not None:
            ask(model, address(model, "changelist"), MOST_OF_A_LIST, q=str(row.pk))
            ask(model, address(model, "change", row.pk), MOST_OF_A_ROW)
    assert faults == []


def test_a_row_is_found_by_its_id_alone_also_when_it_was_deleted(platform: Client) -> None:
    first, second = LedgerFactory(name="First"), LedgerFactory(name="Second")
    second.deleted_at = timezone.now()
    second.save()
    page = platform.get(address(Ledger, "changelist"), {"q": f" {second.pk} "}).content.decode()
    assert ("Second" in page, "First" in page) == (True, False)
    assert str(first.pk) in platform.get(address(Ledger, "changelist")).content.decode()


def test_no_more_rows_are_counted_than_anybody_leafs_through(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    LedgerFactory.create_batch(3)
    monkeypatch.setattr(readonly, "MOST", 2)
    rows = Ledger._base_manager.order_by("-pk")
    assert readonly.Leafing(rows, 50).count == 2
    assert readonly.Leafing(rows.filter(name="none"), 50).count == 0
    with CaptureQueriesContext(connection) as queries:
        monkeypatch.setattr(readonly, "_estimated", lambda table: 1e6)
        assert readonly.Leafing(rows, 50).count == 2
    assert len(queries) == 0


@pytest.mark.parametrize("model", [Transaction, Account, Message, Approval, AuditEvent, AccountMembership])
def test_the_record_is_not_changed_there(platform: Client, model: Any) -> None:
    bank, _ = furnished("northbank", "North")
    book(bank.accounts.get(), [("2026-11-01", "1")])
    assert platform.post(address(model, "add"), {}).status_code == 403
    if (row := model._base_manager.first()) is not None:
        assert platform.post(address(model, "change", row.pk), {}).status_code == 403
        assert platform.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_staff_of_a_bank_do_not_come_in(alice: Staff) -> None:
    answer = signed_in(alice).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "platform’s own admins" in answer.content.decode()


def test_admin_has_no_sign_in_of_its_own(db: None, client: Client) -> None:
    for path in ("/admin/", "/admin/login/?next=/admin/"):
        door = client.get(path).headers["Location"]
        assert unquote(door) == "/sign-in/?next=/admin/"


def test_an_address_is_kept_as_the_door_looks_for_it(platform: Client) -> None:
    user, taken = UserFactory(), UserFactory()
    page = reverse("admin:organizations_user_change", args=[user.pk])
    platform.post(page, {"email": "Jana@Bank.Example", "name": "Jana", "is_active": "on"})
    assert User.objects.get(pk=user.pk).email == "jana@bank.example"
    refused = platform.post(page, {"email": taken.email.upper(), "name": "Jana", "is_active": "on"})
    assert "already exists" in refused.content.decode()


def test_who_is_made_inactive_is_out_at_once_and_the_trail_says_so(platform: Client, bob: Staff) -> None:
    theirs = signed_in(bob)
    assert theirs.get(bob.organization.url("overview")).status_code == 200
    listed(theirs, bob)
    url = reverse("admin:organizations_user_change", args=[bob.user_id])
    assert platform.post(url, {"email": bob.user.email, "name": "Bob"}).status_code == 302
    assert not bob.user.usersession_set.exists()
    assert theirs.get(bob.organization.url("overview")).status_code == 302
    told = AuditEvent.objects.filter(organization=bob.organization, model="organizations.User")
    assert told.filter(changes__has_key="is_active").exists()
