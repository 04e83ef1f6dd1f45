"""Keys of the API: shown once, scoped, ending by themselves, rotated with two live, counted, and noted when used."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from console import bearer
from console.organizations.models import ApiKey, NotLive, Organization, Staff, StillRotating
from tests.conftest import signed_in
from tests.factories import NOW, a_key

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asks(secret: str) -> Any:
    """The answer to a question that has a fault: 422 for who may ask."""
    return Client().get("/api/v1/decisions", headers={"Authorization": f"Bearer {secret}"})


def shown_on(answer: Any) -> str:
    """The secret that a page shows."""
    return str(answer.context["secret"])


def test_the_secret_is_on_one_page_once(nordbank: Organization, alice: Staff) -> None:
    client = signed_in(alice)
    typed = {"name": "Mobile app", "scopes": ["decisions"], "days": "90", "calls": "6000"}
    answer = client.post(nordbank.url("keys:key_create"), typed)
    key, secret = ApiKey.objects.get(), shown_on(answer)
    assert secret in answer.content.decode()
    assert secret.startswith(key.prefix)
    assert asks(secret).status_code == 422
    assert (key.created_by, key.scopes) == (alice, ["decisions"])
    for page in (key.get_absolute_url(), nordbank.url("keys:key_list")):
        text = client.get(page).content.decode()
        assert "Mobile app" in text
        assert secret not in text
    assert secret not in str(ApiKey.objects.values())


def test_what_a_key_does_is_linked_at_the_end_of_its_request(nordbank: Organization) -> None:
    _, secret = a_key(nordbank)
    headers = {"Authorization": f"Bearer {secret}"}
    Client().get("/api/v1/decisions", headers=headers)
    assert nordbank.audit_events.unlinked().exists()
    Client().post(f"/api/v1/decisions/{uuid4()}/clicks", headers=headers)
    assert not nordbank.audit_events.unlinked().exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Write the name"),
        ({"scopes": []}, "Choose at least one thing that it opens"),
        ({"name": "APP"}, "A live key has this name already"),
        ({"days": "4000"}, "Choose another"),
        ({"scopes": ["everything"]}, "Choose another"),
    ],
)
def test_bad_input_is_told_and_makes_nothing(
    typed: dict[str, Any], words: str, nordbank: Organization, alice: Staff
) -> None:
    a_key(nordbank)
    given = {"name": "crm", "scopes": ["decisions"], "days": "90", "calls": "6000"}
    answer = signed_in(alice).post(nordbank.url("keys:key_create"), {**given, **typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ApiKey.objects.count() == 1


def test_an_empty_list_leads_to_the_first_key(nordbank: Organization, alice: Staff) -> None:
    page = signed_in(alice).get(nordbank.url("keys:key_list")).content.decode()
    assert "No keys yet" in page
    assert nordbank.url("keys:key_create") in page


def test_a_key_opens_only_what_its_scopes_name(nordbank: Organization) -> None:
    _, secret = a_key(nordbank, scopes=[])
    answer = asks(secret)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert "decisions" in answer.json()["detail"]


def test_two_are_live_while_rotating_and_never_three(nordbank: Organization, alice: Staff) -> None:
    now = timezone.now()
    old, first = a_key(nordbank, expires_at=now + 90 * DAY)
    new, second = old.rotate(by=alice, at=now)
    assert [asks(one).status_code for one in (first, second)] == [422, 422]
    assert (new.name, new.scopes) == (old.name, old.scopes)
    for each in (old, new):
        with pytest.raises(StillRotating):
            each.rotate(by=alice, at=now + DAY)
    assert ApiKey.verify(first, at=now + 8 * DAY) is None
    assert ApiKey.verify(second, at=now + 89 * DAY) == new
    assert ApiKey.verify(second, at=now + 91 * DAY) is None
    third, _ = new.rotate(by=alice, at=now + 8 * DAY)
    assert third.replaces == new


def test_rotating_on_the_page_shows_the_successor(nordbank: Organization, alice: Staff) -> None:
    client, (key, first) = signed_in(alice), a_key(nordbank)
    answer = client.post(nordbank.url("keys:key_rotate", key.pk))
    assert asks(shown_on(answer)).status_code == asks(first).status_code == 422
    again = client.post(nordbank.url("keys:key_rotate", key.pk), follow=True).content.decode()
    assert "Two keys are live until" in again
    assert "It is being replaced" in again
    assert ApiKey.objects.count() == 2


def test_revoking_ends_it_at_once(nordbank: Organization, alice: Staff) -> None:
    client, (key, secret) = signed_in(alice), a_key(nordbank)
    assert asks(secret).status_code == 422
    assert (
        "refused from its next call on"
        in client.get(nordbank.url("keys:key_revoke", key.pk)).content.decode()
    )
    page = client.post(nordbank.url("keys:key_revoke", key.pk), follow=True).content.decode()
    assert asks(secret).status_code == 401
    assert "Revoked" in page
    key.refresh_from_db()
    assert key.revoked_by == alice
    assert (
        "had ended already"
        in client.post(nordbank.url("keys:key_revoke", key.pk), follow=True).content.decode()
    )
    with pytest.raises(NotLive):
        key.rotate(by=alice, at=timezone.now())


def test_use_is_noted_to_the_minute(nordbank: Organization) -> None:
    key, secret = a_key(nordbank)
    asks(secret)
    key.refresh_from_db()
    noted = key.last_used_at
    assert noted is not None
    assert key.last_used_from == "127.0.0.1"
    asks(secret)
    key.refresh_from_db()
    assert key.last_used_at == noted
    key.note_use(at=noted + timedelta(minutes=2), address="10.1.2.3")
    key.refresh_from_db()
    assert (key.last_used_at, key.last_used_from) == (noted + timedelta(minutes=2), "10.1.2.3")


def test_a_key_that_calls_too_often_waits_for_the_next_minute(nordbank: Organization) -> None:
    _, secret = a_key(nordbank, calls_per_minute=3)
    _, other = a_key(nordbank, calls_per_minute=3)
    answers = [asks(secret) for _ in range(8)]  # a minute may begin in between: then two times three
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:3]] == [422] * 3
    assert len(refused) >= 2
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert "3 times a minute" in refused[0].json()["detail"]
    assert asks(other).status_code == 422


def test_calls_that_are_refused_count_too(nordbank: Organization) -> None:
    _, secret = a_key(nordbank, scopes=[], calls_per_minute=2)
    assert {asks(secret).status_code for _ in range(6)} == {403, 429}


def test_without_the_broker_nobody_is_kept_out(
    nordbank: Organization, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(bearer, "calls", bearer.Calls())
    _, secret = a_key(nordbank, calls_per_minute=1)
    assert [asks(secret).status_code for _ in range(3)] == [422] * 3


def test_only_admins_see_keys(nordbank: Organization, bob: Staff) -> None:
    assert signed_in(bob).get(nordbank.url("keys:key_list")).status_code == 403


def test_many_keys_cost_as_many_queries_as_one(
    nordbank: Organization, alice: Staff, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        a_key(nordbank, name=f"app {number}", expires_at=NOW + 400 * DAY, by=alice)
    client = signed_in(alice)
    client.get(nordbank.url("keys:key_list"))
    with django_assert_max_num_queries(12):
        client.get(nordbank.url("keys:key_list"))
