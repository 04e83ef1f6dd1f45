"""A key is changed: everything sealed anew under the newest, resumed where it stopped, and what can't open is told."""

import json
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from communications.models import EndpointSecret
from console import sealed
from console.organizations.models import Organization, Staff
from console.organizations.sealing import CantUnseal, seal, unseal
from tests.communications.factories import an_endpoint

OLD, NEW = {"2025": "first passphrase"}, {"2026": "second passphrase", "2025": "first passphrase"}


@pytest.fixture
def secrets(nordbank: Organization, alice: Staff, settings: Any) -> list[str]:
    """Two webhooks and an authenticator app, sealed under the old key; the new one stands in front."""
    settings.SEALING_KEYS = OLD
    an_endpoint(nordbank)
    an_endpoint(nordbank)
    Authenticator.objects.filter(user=alice.user).delete()
    Authenticator.objects.create(user=alice.user, type="totp", data={"secret": seal("JBSWY3DP")})
    Authenticator.objects.create(
        user=alice.user, type="recovery_codes", data={"seed": seal("seed"), "used_mask": 3}
    )
    settings.SEALING_KEYS = NEW
    return texts()


def texts() -> list[str]:
    return [text for place in sealed.PLACES for _, value in place.rows() for text in place.sealed(value)]


def test_everything_is_sealed_anew_and_says_the_same(secrets: list[str], settings: Any) -> None:
    before = [unseal(text) for text in secrets]
    done = sealed.reseal()
    assert done == {"communications.EndpointSecret": 2, "mfa.Authenticator": 2}
    settings.SEALING_KEYS = {"2026": "second passphrase"}
    assert [unseal(text) for text in texts()] == before
    assert Authenticator.objects.get(type="recovery_codes").data["used_mask"] == 3
    assert sealed.reseal() == dict.fromkeys(done, 0)


def test_stopped_half_way_it_goes_on(secrets: list[str], monkeypatch: Any) -> None:
    original, calls = sealed.seal, iter(range(2))

    def stopping(plain: str) -> str:
        next(calls)
        return original(plain)

    monkeypatch.setattr(sealed, "seal", stopping)
    with pytest.raises((StopIteration, RuntimeError)):
        sealed.reseal()
    monkeypatch.undo()
    assert sum(sealed.reseal().values()) == 2
    assert all(text.startswith("2026:") for text in texts())


def test_what_another_hand_changed_meanwhile_stays(secrets: list[str], monkeypatch: Any) -> None:
    newer = seal("whsec_newer")
    original = sealed.seal

    def slowly(plain: str) -> str:
        EndpointSecret.objects.update(sealed=newer)
        return original(plain)

    monkeypatch.setattr(sealed, "seal", slowly)
    sealed.reseal()
    assert set(EndpointSecret.objects.values_list("sealed", flat=True)) == {newer}


def test_a_lost_key_is_told_by_the_check_and_by_the_command(secrets: list[str], settings: Any) -> None:
    assert sealed.every_key_is_known(None, databases=["default"]) == []
    settings.SEALING_KEYS = {"2026": "second passphrase"}
    [warning] = sealed.every_key_is_known(None, databases=["default"])
    assert "4 secrets are sealed with the key “2025”" in warning.msg
    with pytest.raises(CantUnseal):
        sealed.reseal()
    with pytest.raises(CommandError, match="Put that key back"):
        call_command("reseal")


def test_the_command_says_how_many(secrets: list[str]) -> None:
    out = StringIO()
    call_command("reseal", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"communications.EndpointSecret": 2, "mfa.Authenticator": 2}
