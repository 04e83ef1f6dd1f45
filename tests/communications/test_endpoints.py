"""Endpoints: secrets sealed and rotated, addresses checked, disabled ones hold what is planned."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from communications.checks import loopback_is_for_developers
from communications.models import Endpoint, EndpointSecret
from communications.models.endpoints import StillRotating
from console.organizations import approving
from console.organizations.models import Organization, Staff
from console.organizations.sealing import CantUnseal, seal, unseal
from tests.approvals import another
from tests.communications.factories import an_endpoint
from tests.conftest import signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_new_endpoint_has_a_secret_that_rests_sealed(nordbank: Organization, alice: Staff) -> None:
    client = signed_in(alice)
    typed = {"name": "Core", "url": "https://hooks.bank.example/in"}
    response = client.post(nordbank.url("communications:endpoint_create"), typed)
    endpoint = Endpoint.objects.get()
    assert response.headers["Location"] == endpoint.get_absolute_url()
    [secret] = endpoint.secrets_live(at=NOW + timedelta(days=1))
    assert secret.startswith("whsec_")
    assert secret not in EndpointSecret.objects.get().sealed
    assert secret not in client.get(endpoint.get_absolute_url()).content.decode()
    shown = client.post(nordbank.url("communications:endpoint_secret", endpoint.pk)).content.decode()
    assert secret in shown


@pytest.mark.parametrize(
    "url", ["http://hooks.bank.example/", "https://127.0.0.1/", "https://10.0.0.1/", "https://x:22/"]
)
def test_an_address_inside_is_refused_when_it_is_typed(
    url: str, nordbank: Organization, alice: Staff, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_LOOPBACK = False
    response = signed_in(alice).post(
        nordbank.url("communications:endpoint_create"), {"name": "Core", "url": url}
    )
    assert response.status_code == 422
    assert not Endpoint.objects.exists()


def test_two_secrets_are_live_while_rotating_and_never_three(nordbank: Organization, alice: Staff) -> None:
    endpoint = an_endpoint(nordbank)
    [old] = endpoint.secrets_live(at=NOW)
    new = endpoint.rotate(by=alice, at=NOW)
    assert endpoint.secrets_live(at=NOW) == [new, old]
    with pytest.raises(StillRotating):
        endpoint.rotate(by=alice, at=NOW + timedelta(hours=23))
    assert endpoint.secrets_live(at=NOW + timedelta(hours=25)) == [new]
    newest = endpoint.rotate(by=alice, at=NOW + timedelta(hours=25))
    assert endpoint.secrets_live(at=NOW + timedelta(hours=25)) == [newest, new]


def test_the_page_rotates_once_a_day(nordbank: Organization, alice: Staff) -> None:
    endpoint, client = an_endpoint(nordbank), signed_in(alice)
    url = nordbank.url("communications:endpoint_rotate", endpoint.pk)
    assert "A new secret signs from now on" in client.post(url, follow=True).content.decode()
    assert "Two secrets are live until" in client.post(url, follow=True).content.decode()


def test_disabling_and_enabling_leave_a_row_each(nordbank: Organization, alice: Staff) -> None:
    endpoint, client = an_endpoint(nordbank), signed_in(alice)
    url = nordbank.url("communications:endpoint_turn", endpoint.pk)
    assert "what is planned waits" in client.post(url, {"state": "disabled"}, follow=True).content.decode()
    client.post(url, {"state": "enabled"})
    assert [(one.state, one.by) for one in endpoint.transitions.order_by("pk")][1:] == [
        ("disabled", alice),
        ("enabled", alice),
    ]


def test_an_address_is_used_once_another_approved_it_and_a_new_one_again(
    nordbank: Organization, alice: Staff
) -> None:
    client, typed = signed_in(alice), {"name": "Core", "url": "https://hooks.bank.example/in"}
    client.post(nordbank.url("communications:endpoint_create"), typed)
    endpoint = Endpoint.objects.get(is_enabled=False)
    assert "Its address waits for approval" in client.get(endpoint.get_absolute_url()).content.decode()
    approving.approve(nordbank.approvals.get(), by=another(alice), at=timezone.now())
    assert Endpoint.objects.get().is_enabled
    edit = nordbank.url("communications:endpoint_edit", endpoint.pk)
    client.post(edit, {"name": "Core system", "url": typed["url"]})
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.is_enabled) == ("Core system", True)
    client.post(edit, {"name": "Core system", "url": "https://elsewhere.example/in"})
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.approval) == (False, None)
    asked = nordbank.approvals.get(state="waiting")
    assert dict(asked.before)["Address"] == "https://hooks.bank.example/in"
    client.post(nordbank.url("communications:endpoint_turn", endpoint.pk), {"state": "enabled"})
    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    client.post(edit, {"name": "Core system", "url": "https://third.example/in"})
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == ("void", "Its address was changed.")


def test_the_database_opens_no_endpoint_without_its_approval(nordbank: Organization) -> None:
    first, second = an_endpoint(nordbank), an_endpoint(nordbank)
    for change in (
        {"approval": None},
        {"approval": second.approval},
        {"url": "https://elsewhere.example/in"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Endpoint.objects.filter(pk=first.pk).update(**change)


def test_secrets_open_under_an_older_key_and_close_under_the_newest() -> None:
    with override_settings(SEALING_KEYS={"2025": "first passphrase"}):
        sealed = seal("whsec_x")
    assert sealed.startswith("2025:")
    with override_settings(SEALING_KEYS={"2026": "second passphrase", "2025": "first passphrase"}):
        assert unseal(sealed) == "whsec_x"
        assert seal("whsec_x").startswith("2026:")
    with override_settings(SEALING_KEYS={"2026": "second passphrase"}), pytest.raises(CantUnseal):
        unseal(sealed)
    with override_settings(SEALING_KEYS={"2025": "another passphrase"}), pytest.raises(CantUnseal):
        unseal(sealed)


@pytest.mark.parametrize(("is_allowed", "faults"), [(True, ["communications.E001"]), (False, [])])
def test_the_deployment_check_refuses_loopback(is_allowed: bool, faults: list[str]) -> None:
    with override_settings(WEBHOOK_ALLOW_LOOPBACK=is_allowed):
        assert [fault.id for fault in loopback_is_for_developers(None)] == faults
