"""Django admin: opens for platform admins only, shows every kind of row, and changes nothing of the record."""

from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from console.organizations.models import AuditEvent, Staff, User
from tests.conftest import proven, signed_in
from tests.factories import AccountHolderFactory, TransactionFactory, UserFactory
from tests.money import book
from tests.staff.test_staff import listed

OURS = ["organizations", "customers", "ledgers", "portfolios", "balances"]
SHOWN = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if model in admin.site._registry
]
EDITABLE = {"Organization", "User"}


@pytest.fixture
def every_variable_is_given() -> None:
    """Not here: the admin's own templates leave gaps."""


@pytest.fixture
def platform(db: None) -> Client:
    book(AccountHolderFactory().account, [("2026-11-01", "1")])
    TransactionFactory()
    return proven(UserFactory(is_staff=True, is_superuser=True))


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
def test_rows_are_listed_searched_and_opened(platform: Client, model: type) -> None:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    url = reverse(f"admin:{name}_changelist")
    assert platform.get(url).status_code == 200
    assert platform.get(url, {"q": "A0"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert platform.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize(
    "model", [one for one in SHOWN if one.__name__ not in EDITABLE], ids=lambda model: model.__name__
)
def test_the_record_is_not_changed_here(platform: Client, model: type) -> None:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    assert platform.post(reverse(f"admin:{name}_add"), {}).status_code == 403
    row = model._default_manager.first()
    if row is not None:
        assert platform.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403
        assert (
            platform.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        )


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
