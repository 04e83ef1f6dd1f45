"""The way into a new installation: one link, for one person, once; then the first organization."""

import io
import json
import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from console.management.commands.prepare import Command as Prepare
from console.organizations import founding
from console.organizations.factors import APP
from console.organizations.models import Organization, Role, Staff, User
from tests.conftest import proven, signed_in
from tests.factories import PASSWORD, OrganizationFactory, UserFactory
from tests.races import racing

FACTS = {
    "name": "Říční banka, a. s.",
    "doing_business_as": "Říčka",
    "legal_document": "45244782",
    "country": "CZ",
    "line1": "Na Příkopě 1",
    "zip_code": "110 00",
    "city": "Praha",
    "time_zone": "Europe/Prague",
    "base_currency": "CZK",
}
ME = {"name": "First Person", "email": "First@Bank.example", "password1": PASSWORD, "password2": PASSWORD}


def link() -> str:
    out = io.StringIO()
    call_command("set_up", "--json", stdout=out)
    return re.sub("https?://[^/]+", "", json.loads(out.getvalue())["link"])


class TestLink:
    def test_leads_through_the_second_factor_to_the_first_organization(
        self, db: None, client: Client
    ) -> None:
        path = link()
        assert "You are the first here" in client.get(path).content.decode()
        came = client.post(path, ME)
        assert came.headers["Location"] == "/organizations/new/"
        user = User.objects.get()
        assert (user.email, user.is_staff, user.is_superuser) == ("first@bank.example", False, False)
        assert client.get("/organizations/new/").headers["Location"].startswith("/you/enrol/")
        assert "needs a passkey too" in client.get("/you/enrol/").content.decode()

    def test_works_once(self, db: None, client: Client) -> None:
        path = link()
        client.post(path, ME)
        again = Client().get(path)
        assert again.status_code == 404
        assert "bin/manage set_up" in again.content.decode()
        assert Client().post(path, {**ME, "email": "second@bank.example"}).status_code == 404
        assert User.objects.count() == 1

    def test_ends_with_the_day(self, db: None, client: Client) -> None:
        path = link()
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            assert client.get(path).status_code == 404

    def test_opens_nothing_where_an_organization_is(self, db: None, client: Client) -> None:
        path = link()
        bank = OrganizationFactory()
        assert client.get(path).status_code == 404
        bank.deleted_at = timezone.now()
        bank.save()
        assert client.get(path).status_code == 404
        with pytest.raises(CommandError, match="invite people"):
            call_command("set_up", stdout=io.StringIO())

    def test_is_nobodys_to_make_up(self, db: None, client: Client) -> None:
        assert client.get("/set-up/WyJhIl0:1abc:def/").status_code == 404
        assert client.post("/set-up/x/", ME).status_code == 404
        assert not User.objects.exists()

    def test_says_what_is_wrong_where_it_stands(self, db: None, client: Client) -> None:
        answer = client.post(link(), {**ME, "password2": "something else entirely"})
        assert answer.status_code == 422
        assert "The two passwords differ" in answer.content.decode()
        assert 'value="First@Bank.example"' in answer.content.decode()
        likened = client.post(link(), dict.fromkeys(ME, "first-person@bank.example"))
        assert "too much like your" in likened.content.decode()

    @pytest.mark.django_db(transaction=True)
    def test_lets_one_of_two_in_who_come_at_once(self) -> None:
        path = link()

        def comes(number: int) -> int:
            return Client().post(path, {**ME, "email": f"person-{number}@bank.example"}).status_code

        with racing() as at_once:
            assert sorted(at_once(partial(comes, 1), partial(comes, 2))) == [302, 404]
        assert User.objects.count() == 1


def test_a_start_without_the_demo_prints_the_link(db: None, tmp_path: Any) -> None:
    Prepare()._tell_sign_ins(tmp_path / "sign-ins.txt")
    assert "/set-up/" in (tmp_path / "sign-ins.txt").read_text()
    OrganizationFactory()
    Prepare()._tell_sign_ins(tmp_path / "sign-ins.txt")
    assert not (tmp_path / "sign-ins.txt").exists()


class TestFirstOrganization:
    def test_is_made_by_who_came_first_and_leads_on(self, db: None) -> None:
        user = UserFactory()
        client = proven(user)
        assert client.get("/").headers["Location"] == "/organizations/new/"
        assert "DatabaseDefault" not in client.get("/organizations/new/").content.decode()
        assert client.post("/organizations/new/", FACTS).headers["Location"] == "/o/ricni-banka-a-s/begin/"
        made = Organization.objects.get()
        assert (made.name, made.legal_document, made.base_currency) == (FACTS["name"], "45244782", "CZK")
        assert made.address == {
            "country": "CZ",
            "line1": "Na Příkopě 1",
            "zipCode": "110 00",
            "city": "Praha",
        }
        staff = made.staff.get()
        assert (staff.user, staff.role, made.founded_by) == (user, Role.ADMIN, None)
        assert made.audit_events.filter(model="organizations.Organization", user=user).exists()
        assert (
            client.get("/o/ricni-banka-a-s/begin/").headers["Location"] == "/o/ricni-banka-a-s/begin/ledger/"
        )

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"name": ""}, "Write the legal name."),
            ({"legal_document": ""}, "Write the legal document."),
            ({"country": "XX"}, "is not offered now"),
            ({"time_zone": "Prague"}, "is not offered now"),
            ({"base_currency": ""}, "Choose the base currency."),
            ({"zip_code": "1" * 21}, "Write at most 20 characters. There are 21."),
            ({"name": "x" * 257}, "Write at most 256 characters. There are 257."),
            ({"name": "a\0b"}, "can’t be kept"),
        ],
    )
    def test_says_each_fault_where_it_stands(self, db: None, said: dict[str, str], words: str) -> None:
        answer = proven(UserFactory()).post("/organizations/new/", {**FACTS, **said})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Organization.objects.exists()

    def test_needs_the_passkey_that_its_admin_will_need(self, db: None) -> None:
        answer = proven(UserFactory(), kind=APP).get("/organizations/new/")
        assert answer.headers["Location"].startswith("/you/factors/passkey/")

    def test_needs_a_proof_that_is_fresh(self, db: None, settings: Any) -> None:
        client = proven(UserFactory(), seconds_ago=settings.FRESH_SECONDS + 60)
        assert "/you/" in client.post("/organizations/new/", FACTS).headers["Location"]
        assert not Organization.objects.exists()

    def test_is_the_only_one_that_a_person_without_more_makes(self, nordbank: Organization) -> None:
        client = proven(UserFactory())
        assert client.get("/organizations/new/").status_code == 403
        assert client.post("/organizations/new/", FACTS).status_code == 403
        assert client.get("/").status_code == 404

    def test_a_platform_admin_makes_further_ones(self, nordbank: Organization) -> None:
        client = proven(UserFactory(is_staff=True))
        assert client.post("/organizations/new/", {**FACTS, "name": "Nordbank"}).status_code == 302
        made = Organization.objects.get(name="Nordbank")
        assert made.slug.startswith("nordbank-")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_at_once_there_is_one(self) -> None:
        users = [UserFactory(), UserFactory()]

        def makes(number: int) -> int:
            return proven(users[number]).post("/organizations/new/", FACTS).status_code

        with racing() as at_once:
            assert sorted(at_once(partial(makes, 0), partial(makes, 1))) == [302, 403]
        assert Organization.objects.count() == 1


class TestFurtherOrganization:
    def test_is_made_by_an_admin_and_opened_by_the_keys_of_that_bank(self, alice: Staff) -> None:
        client = signed_in(alice)
        path = "/o/nordbank/settings/organizations/new/"
        assert 'value="Europe/Prague" selected' in client.get(path).content.decode()
        assert client.post(path, FACTS).headers["Location"] == "/o/ricni-banka-a-s/begin/"
        made = Organization.objects.get(slug="ricni-banka-a-s")
        assert made.founded_by == alice.organization
        assert made.staff.get().user == alice.user

    def test_is_not_for_other_roles(self, bob: Staff) -> None:
        assert signed_in(bob).get("/o/nordbank/settings/organizations/new/").status_code == 403


class TestFacts:
    PATH = "/o/nordbank/settings/organization/"

    def test_are_changed_by_an_admin_and_kept_in_the_trail(self, alice: Staff) -> None:
        client = signed_in(alice)
        said = {**FACTS, "name": "Nordbank SE", "time_zone": "Europe/Oslo", "status": "ACTIVE"}
        assert (
            client.post(self.PATH, {**said, "legal_document": "9"}).headers["Location"]
            == "/o/nordbank/settings/"
        )
        bank = Organization.objects.get(slug="nordbank")
        assert (bank.name, bank.time_zone, bank.legal_document) == ("Nordbank SE", "Europe/Oslo", "")
        told = client.get(f"/o/nordbank/audit/of/{bank.pk}/").content.decode()
        assert "Legal name from Nordbank a.s. to Nordbank SE" in told
        assert "Na Příkopě 1" in client.get("/o/nordbank/settings/").content.decode()

    def test_of_two_who_change_them_at_once_the_second_is_told_and_loses_nothing(self, alice: Staff) -> None:
        client, bank = signed_in(alice), alice.organization
        said = {
            **FACTS,
            "name": "Mine",
            "status": "ACTIVE",
            "seen": client.get(self.PATH).context["form"].seen,
        }
        bank.name = "Theirs"
        bank.save()
        answer = client.post(self.PATH, said)
        assert answer.status_code == 422
        assert "while you were editing" in answer.content.decode()
        assert 'value="Mine"' in answer.content.decode()
        bank.refresh_from_db()
        assert bank.name == "Theirs"
        now = answer.context["form"].seen
        assert client.post(self.PATH, {**said, "seen": now}).status_code == 302
        bank.refresh_from_db()
        assert bank.name == "Mine"

    def test_metadata_is_written_and_taken_away(self, alice: Staff) -> None:
        client = signed_in(alice)
        said = {**FACTS, "status": "PENDING"}
        entry = {"metadata-key": "lei", "metadata-kind": "text", "metadata-value": "5493"}
        drawn = client.post(self.PATH, {**said, "name": "Not yet", "redraw": "metadata:add"})
        assert drawn.status_code == 200
        assert 'value="Not yet"' in drawn.content.decode()
        assert not Organization.objects.filter(name="Not yet").exists()
        client.post(self.PATH, {**said, **entry})
        bank = Organization.objects.get(slug="nordbank")
        assert (bank.metadata, bank.status) == ({"lei": "5493"}, "PENDING")
        assert "5493" in client.get("/o/nordbank/settings/").content.decode()
        faulty = client.post(self.PATH, {**said, **entry, "metadata-key": ""})
        assert faulty.status_code == 422
        assert "Write the key, or remove the entry." in faulty.content.decode()
        client.post(self.PATH, said)
        bank.refresh_from_db()
        assert bank.metadata == {}

    def test_it_is_no_part_of_itself_nor_of_its_parts(self, alice: Staff) -> None:
        bank = alice.organization
        part = OrganizationFactory(slug="part", parent=bank)
        Staff.objects.create(organization=part, user=alice.user, role=Role.ADMIN)
        said = {**FACTS, "name": bank.name, "status": "ACTIVE"}
        refused = signed_in(alice).post(self.PATH, {**said, "parent": str(part.pk)})
        assert "It can’t be a part of itself" in refused.content.decode()
        foreign = OrganizationFactory(slug="foreign")
        refused = signed_in(alice).post(self.PATH, {**said, "parent": str(foreign.pk)})
        assert "is not offered now" in refused.content.decode()
        bank.refresh_from_db()
        assert bank.parent is None

    def test_are_not_for_other_roles(self, bob: Staff) -> None:
        assert signed_in(bob).get(self.PATH).status_code == 403
        assert "Change<" not in signed_in(bob).get("/o/nordbank/settings/").content.decode()


def test_a_deleted_organization_is_no_place_to_work(alice: Staff) -> None:
    client, bank = signed_in(alice), alice.organization
    bank.deleted_at = timezone.now()
    bank.save()
    assert client.get("/o/nordbank/").status_code == 404
    assert alice.user.places() == []
    assert not founding.is_new()
