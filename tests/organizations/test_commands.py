"""An empty start: an organization, its people, what it declares."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from console.organizations import scope
from console.organizations.models import Organization, Staff, User
from tests.factories import UserFactory


def said(command: str, *arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(command, *arguments, "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


class TestOrganization:
    def test_is_made(self, db: None) -> None:
        said(
            "create_organization",
            "nordbank",
            "--name",
            "Nordbank",
            "--currency",
            "CZK",
            "--time-zone",
            "Europe/Prague",
        )
        made = Organization.objects.get()
        assert (made.slug, made.name, made.base_currency, made.time_zone) == (
            "nordbank",
            "Nordbank",
            "CZK",
            "Europe/Prague",
        )

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["nordbank", "--name", "Again"], "slug"),
            (["a b", "--name", "X"], "slug"),
            (["x", "--name", "X", "--currency", "koruna"], "capital letters"),
            (["x", "--name", "X", "--time-zone", "Prague"], "is not a time zone"),
        ],
    )
    def test_is_refused_with_reasons(self, nordbank: Organization, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            call_command("create_organization", *arguments)


class TestStaff:
    def test_who_is_new_gets_a_password_once(self, nordbank: Organization, client: Client) -> None:
        told = said(
            "create_staff",
            "Jana@Bank.example",
            "--organization",
            "nordbank",
            "--role",
            "operator",
            "--name",
            "Jana",
        )
        staff = Staff.objects.get(organization=nordbank)
        assert (staff.role, staff.user.name) == ("operator", "Jana")
        assert len(told["password"]) >= 20
        door = {"login": "Jana@Bank.example", "password": told["password"]}
        assert client.post(reverse("account_login"), door).headers["Location"] == reverse("home")

    def test_who_is_known_keeps_theirs(self, nordbank: Organization) -> None:
        user = UserFactory(email="jana@bank.example")
        told = said("create_staff", "JANA@bank.example", "--organization", "nordbank", "--role", "viewer")
        again = said("create_staff", "jana@bank.example", "--organization", "nordbank", "--role", "admin")
        assert "password" not in told
        assert (told["is_new"], again["is_new"]) == (True, False)
        assert Staff.objects.get(user=user).role == "admin"

    def test_password_from_standard_input(
        self, nordbank: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery staple\n"))
        told = said(
            "create_staff",
            "j@bank.example",
            "--organization",
            "nordbank",
            "--role",
            "viewer",
            "--password-stdin",
        )
        assert "password" not in told
        assert User.objects.get().check_password("correct horse battery staple")
        monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
        with pytest.raises(CommandError, match="at least 15"):
            call_command(
                "create_staff", "k@bank.example", "--password-stdin", organization="nordbank", role="viewer"
            )
        assert not User.objects.filter(email="k@bank.example").exists()

    def test_of_no_organization(self, db: None) -> None:
        with pytest.raises(CommandError, match="There is no organization “x”"):
            call_command("create_staff", "j@bank.example", organization="x", role="viewer")

    def test_with_an_address_that_is_none(self, nordbank: Organization) -> None:
        with pytest.raises(CommandError, match="valid email"):
            call_command("create_staff", "jana", organization="nordbank", role="viewer")

    def test_with_a_name_that_does_not_fit(self, nordbank: Organization) -> None:
        with pytest.raises(CommandError, match="at most 150 characters"):
            call_command(
                "create_staff", "j@bank.example", organization="nordbank", role="viewer", name="J" * 151
            )


class TestAttribute:
    def test_is_declared_and_again_changes_nothing(self, nordbank: Organization) -> None:
        arguments = ("--organization", "nordbank", "customers", "birth_date", "date")
        assert said("declare_attribute", *arguments)["is_new"]
        assert not said("declare_attribute", *arguments)["is_new"]
        attribute = nordbank.attributes.get()
        assert (attribute.key, attribute.type, str(attribute)) == ("birth_date", "date", "Birth date")

    def test_key_that_is_none(self, nordbank: Organization) -> None:
        with pytest.raises(CommandError):
            call_command("declare_attribute", "customers", "birth date", "date", organization="nordbank")


def test_the_trail_is_proved_from_a_shell_that_has_no_scope(nordbank: Organization) -> None:
    """A shell signs in as a role that sees no bank: the command itself says that it works across."""
    out = io.StringIO()
    with scope.outside():
        call_command("verify_audit", stdout=out)
    assert "nordbank" in out.getvalue()
