"""A customer is erased: nothing names them any more, the books stand, and no file brings them back."""

from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communications.audience import recipients
from communications.dispatcher import dispatch
from communications.models import Attempt, Message, RenderedCopy, Suppression
from communications.models.suppressions import address_hash
from console import coherence
from console.customers.erasing import fates
from console.customers.models import Customer, Erasure
from console.imports.models import ImportRun, RejectedRow
from console.organizations.hashing import pads
from console.organizations.models import Organization, Role, Staff
from segments.freshness.refreshing import execute as refresh
from segments.models import MembershipEvent, Run
from tests.communications.factories import communication, segment_with, sent_by
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, AccountHolderFactory, CustomerFactory, SegmentFactory
from tests.imports.files import imported
from tests.money import book
from tests.walls.bank import furnished

WHO = {"name": "Zdislava Kvapilová", "email": "zdislava.k@kvapil.example", "phone": "+420 777 418 963"}
TELLING = ("zdislava", "kvapil", "777 418", "dlouhá 17", "klient-42")
WHY = "Request 2026/17"
NOTE = "Called zdislava kvapilová (KLIENT-42), she pays."


@pytest.fixture
def bank(db: None, tmp_path: Any, settings: Any) -> Organization:
    """A furnished bank whose customer stands wherever one can stand."""
    organization, _ = furnished("northbank", "Northern")
    customer = organization.customers.get()
    Customer.objects.filter(pk=customer.pk).update(
        **WHO,
        external_id="KLIENT-42",
        custom_data={"address": "Dlouhá 17"},
        products=["mortgage"],
        country="CZ",
    )
    organization.accounts.update(name="Zdislava Kvapilová, current", alias="zdislava")
    message = organization.messages.get()
    words = f"Dear {WHO['name']}"
    RenderedCopy.objects.create(message=message, address=WHO["email"], subject=words, html=words, text=words)
    Attempt.objects.create(message=message, number=1, started_at=NOW, answer=f"<{WHO['email']}> is busy")
    Message.objects.filter(pk=message.pk).update(note=f"<{WHO['email']}> is busy")
    run = organization.import_runs.get()
    cells = [f" {WHO['email'].upper()}", "x"]
    RejectedRow.objects.create(run=run, line=2, value=WHO["email"], reason="Write an address.", cells=cells)
    organization.alerts.get().events.create(organization=organization, kind="commented", note=NOTE, at=NOW)
    return organization


def everything(organization: Organization) -> str:
    """Every row of the organization's tables and of those that hang on them, as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if (
                model._meta.app_label not in ("admin", "auth", "contenttypes", "sessions")
                and model._meta.managed
            ):
                cursor.execute(
                    f"SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM {model._meta.db_table} t"
                )
                found.append(str(cursor.fetchone()[0]))
    return "\n".join(found).lower()


def admin_of(organization: Organization) -> Staff:
    return organization.staff.get(role=Role.ADMIN)


def erase(organization: Organization) -> Erasure:
    customer = organization.customers.get()
    return customer.erase(reason=WHY, by=admin_of(organization), at=timezone.now())


def test_nothing_in_the_database_names_them_any_more(bank: Organization) -> None:
    before = everything(bank)
    assert [part for part in TELLING if part not in before] == []
    erase(bank)
    after = everything(bank)
    assert [part for part in TELLING if part in after] == []


BOOKS = ("portfolios_accountholder", "balances_transaction", "balances_balance", "balances_dailybalance")


def books(organization: Organization) -> list[Any]:
    with connection.cursor() as cursor:
        found = []
        for table in BOOKS:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            found.append(cursor.fetchone())
    return [*found, organization.messages.count(), organization.alerts.count(), organization.accounts.count()]


def test_the_books_stand_as_they_did(bank: Organization) -> None:
    before, proof = books(bank), [check.examples for check in coherence.checks(bank)]
    assert all(before[:3])
    erase(bank)
    assert books(bank) == before
    assert [check.examples for check in coherence.checks(bank)] == proof


def test_the_row_stays_under_a_pseudonym(bank: Organization) -> None:
    old = bank.customers.get()
    erasure = erase(bank)
    new = bank.customers.get()
    assert new.pk == old.pk
    assert new.external_id.startswith("erased-")
    assert new.opaque_id != old.opaque_id
    assert (new.name, new.email, new.phone, new.country, new.custom_data, new.products) == (
        "",
        "",
        "",
        "",
        {},
        [],
    )
    assert (erasure.reason, erasure.staff, erasure.customer) == (WHY, admin_of(bank), new)
    assert old.external_id not in erasure.external_id_hash


def test_erasing_again_changes_nothing(bank: Organization) -> None:
    first = erase(bank)
    row = Customer.objects.filter(pk=first.customer_id).values().get()
    assert erase(bank) == first
    assert Customer.objects.filter(pk=first.customer_id).values().get() == row


def test_all_of_it_or_nothing(bank: Organization, monkeypatch: Any) -> None:
    before = everything(bank)
    monkeypatch.setattr(Customer, "_become_nobody", lambda self, at: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(bank)
    assert everything(bank) == before


def test_no_hand_can_put_a_name_back(bank: Organization) -> None:
    erase(bank)
    for change in ({"name": "Zdislava"}, {"email": "z@mail.example"}, {"communications_enabled": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            bank.customers.update(**change)


def test_nobody_with_that_address_is_written_to(bank: Organization) -> None:
    """The same address on another row, or on one that comes later, gets nothing more."""
    erase(bank)
    later = CustomerFactory(organization=bank, email=WHO["email"].upper())
    other = CustomerFactory(organization=bank)
    letters = communication(bank, segment_with(bank, later, other), name="Later")
    assert letters.version
    held = dict(recipients(letters.version).values_list("pk", "held_back"))
    assert held == {later.pk: "erased", other.pk: ""}
    entry = Suppression.objects.get()
    assert entry.address_hash == address_hash(bank.pk, WHO["email"])


def test_the_hash_needs_the_key(bank: Organization) -> None:
    erase(bank)
    with connection.cursor() as cursor:
        for name, pad in pads("somebody else's").items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, pad])
    assert Suppression.objects.get().address_hash != address_hash(bank.pk, WHO["email"])


def test_what_waits_is_held_back_and_the_books_balance(bank: Organization) -> None:
    customer = bank.customers.get()
    run = sent_by(communication(bank, segment_with(bank, customer), name="Waiting"), admin_of(bank))
    message = run.messages.get()
    assert message.state == "queued"
    erase(bank)
    message.refresh_from_db()
    assert (message.state, message.held_back) == ("suppressed", "erased")
    dispatch(until_empty=True)
    assert not RenderedCopy.objects.filter(message=message).exists()


def test_they_leave_their_segments_and_enter_none(nordbank: Organization, alice: Staff) -> None:
    everyone = {"combinator": "and", "rules": [{"field": "all", "operator": "=", "value": True}]}
    held = {"combinator": "and", "rules": [{"field": "kind", "operator": "=", "value": "person"}]}
    gone, stays = CustomerFactory.create_batch(2, organization=nordbank)
    segments = [
        SegmentFactory(organization=nordbank, definition=rules, is_marketing=is_marketing)
        for rules in (everyone, held)
        for is_marketing in (True, False)
    ]

    def refreshed() -> None:
        for segment in segments:
            run = segment.request_refresh(by=alice, at=timezone.now())
            refresh(Run.objects.get(pk=run.pk).pk, at=timezone.now())
            segment.refresh_from_db()

    refreshed()
    assert [segment.member_count for segment in segments] == [2, 2, 2, 2]
    gone.erase(reason=WHY, by=alice, at=timezone.now())
    for segment in segments:
        segment.refresh_from_db()
        assert segment.member_count == 1
        assert [one.customer for one in segment.customer_memberships.all()] == [stays]
    assert MembershipEvent.objects.filter(customer=gone, change="left").count() == 4
    refreshed()
    assert [segment.member_count for segment in segments] == [1, 1, 1, 1]
    assert [check.examples for check in coherence.checks(nordbank) if check.broken] == []


def test_a_file_does_not_bring_them_back(bank: Organization) -> None:
    erase(bank)
    pseudonym = bank.customers.get().external_id
    rows = "customer_ref,name,email\nKLIENT-42,Zdislava Kvapilová,z@kvapil.example\nNEW-1,Petr Novák,p@mail.example\n"
    run = imported(bank, "customers", f"{rows}{pseudonym},Zdislava,z@kvapil.example\n")
    run.refresh_from_db()
    assert (run.state, run.new, run.rejected) == ("done", 1, 2)
    assert not bank.customers.filter(name__icontains="zdislava").exists()
    first, second = run.rejected_rows.order_by("line")
    assert "was erased" in first.reason
    assert (first.value, first.cells, second.cells) == ("", [], [])
    assert "pseudonym" in second.reason
    assert bank.customers.filter(external_id="NEW-1").exists()


def test_files_of_customers_go_with_them(bank: Organization, django_capture_on_commit_callbacks: Any) -> None:
    run = imported(bank, "customers", "customer_ref,name\nKLIENT-42,Zdislava Kvapilová\n")
    assert default_storage.exists(run.file.name)
    draft = bank.import_runs.get(state="draft")
    with django_capture_on_commit_callbacks(execute=True):
        erase(bank)
    assert not default_storage.exists(run.file.name)
    assert default_storage.exists(ImportRun.objects.get(pk=draft.pk).file.name)


def test_an_account_with_another_holder_keeps_its_name(nordbank: Organization, alice: Staff) -> None:
    gone, stays = CustomerFactory.create_batch(2, organization=nordbank)
    alone, shared = (AccountFactory(organization=nordbank, name=name) for name in ("Alone", "Shared"))
    for account, holder in ((alone, gone), (shared, gone), (shared, stays)):
        AccountHolderFactory(account=account, customer=holder)
    book(alone, [("2026-11-01", "10")])
    gone.erase(reason=WHY, by=alice, at=NOW)
    alone.refresh_from_db()
    shared.refresh_from_db()
    assert (alone.name, shared.name) == ("", "Shared")


class TestPage:
    def test_it_says_what_goes_and_what_stays(self, bank: Organization) -> None:
        customer = bank.customers.get()
        told = {fate.what: (fate.number, fate.is_going) for fate in fates(customer)}
        assert told["Transactions"] == (bank.transactions.count(), False)
        assert told["Copies of messages"] == (1, True)
        assert told["Memberships in segments"][1]
        page = (
            signed_in(admin_of(bank)).get(bank.url("customers:customer_erase", customer.pk)).content.decode()
        )
        assert all(what in page for what in told)

    @pytest.mark.parametrize("typed", ["", "klient-42", "KLIENT-4"])
    def test_the_external_id_must_be_typed(self, typed: str, bank: Organization) -> None:
        customer = bank.customers.get()
        said = {"external_id": typed, "reason": WHY}
        answer = signed_in(admin_of(bank)).post(bank.url("customers:customer_erase", customer.pk), said)
        assert answer.status_code == 422
        assert bank.customers.get().name == WHO["name"]

    def test_with_it_the_customer_is_gone(self, bank: Organization) -> None:
        customer, client = bank.customers.get(), signed_in(admin_of(bank))
        url = bank.url("customers:customer_erase", customer.pk)
        page = client.post(url, {"external_id": "KLIENT-42", "reason": WHY}, follow=True).content.decode()
        assert "This customer is erased" in page
        assert "Zdislava" not in page
        assert "erased already" in client.get(url, follow=True).content.decode()

    @pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMIN])
    def test_it_is_for_admins(self, role: str, bank: Organization) -> None:
        client = signed_in(bank.staff.get(role=role))
        url = bank.url("customers:customer_erase", bank.customers.get().pk)
        assert client.post(url, {"external_id": "KLIENT-42", "reason": WHY}).status_code == 403
        assert bank.customers.get().name == WHO["name"]
