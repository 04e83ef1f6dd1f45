"""The audit trail read aloud: who, what, which thing, each field as its page calls it; one act where one hand was."""

import re
from string import Formatter
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alerts.models import Trigger
from console.audit.acts import acts_of
from console.audit.fields import LABELS, NAMELESS, SILENT, Names, duration, lines
from console.audit.sentences import BECAME, CAME, CHOICES, WENT
from console.audit.words import TITLES, thing, what, who
from console.organizations import approving, scope
from console.organizations.models import AuditEvent, Invitation, Organization, Role, SignInEvent, Staff
from console.organizations.watched import WATCHED
from tests.alerts.bank import account_segment, campaign_on
from tests.conftest import proven, signed_in
from tests.factories import NOW, PASSWORD, CustomerFactory, SegmentFactory, StaffFactory, a_key
from tests.signin.factors import an_app, with_password

EVERYONE = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]}
OWN_GAPS = {"this", "whole", "of", "whose"}


def told(organization: Organization, since: int = 0) -> list[str]:
    """Each act since a number of events as "who: what", the oldest first; what follows from it after a +."""
    rows = organization.audit_events.select_related("staff__user", "user", "key", "organization")
    events = list(rows.order_by("id"))[since:]
    names = Names(events, zone=organization.zone)
    said = []
    for act in acts_of(events):
        follows = "".join(f" + {what(one, names)}" for one in act.others)
        said.append(f"{who(act.lead)}: {what(act.lead, names)}{follows}")
    return said


def number(organization: Organization) -> int:
    return organization.audit_events.count()


@pytest.fixture
def erika(nordbank: Organization) -> Staff:
    return StaffFactory(organization=nordbank, user__name="Erika Approver", role=Role.APPROVER)


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def sentences() -> list[tuple[str, str]]:
    """Every (model, sentence) there is."""
    found = []
    for label, said in [*CAME.items(), *WENT.items()]:
        found += [(label, one) for one in ([said] if isinstance(said, str) else said.values())]
    for label, columns in BECAME.items():
        found += [(label, one) for values in columns.values() for one in values.values()]
    return found


@pytest.mark.parametrize(("label", "sentence"), sentences())
def test_the_gaps_of_a_sentence_are_columns(label: str, sentence: str) -> None:
    columns = {field.column for field in apps.get_model(label)._meta.concrete_fields}
    assert {name.removesuffix("_before") for name in gaps(sentence)} <= columns | OWN_GAPS


def test_what_is_said_of_a_model_is_of_one_that_is_watched() -> None:
    of_columns = {name.rpartition(".")[0] for name in [*SILENT, *LABELS] if "." in name}
    assert {*CAME, *WENT, *BECAME, *CHOICES, *TITLES, *NAMELESS, *of_columns} <= set(WATCHED)
    for label, columns in BECAME.items():
        assert set(columns) <= {field.column for field in apps.get_model(label)._meta.concrete_fields}
    for label, column in CHOICES.items():
        assert column in {field.column for field in apps.get_model(label)._meta.concrete_fields}


@pytest.mark.parametrize(
    ("text", "words"), [("01:00:00", "1 h"), ("30 days", "30 days"), ("1 day 02:30:00", "1 day 2 h 30 min")]
)
def test_spans_of_time_in_words(text: str, words: str) -> None:
    assert duration(text) == words


class TestTheDoor:
    @pytest.fixture(autouse=True)
    def cheap_passwords(self, settings: Any) -> None:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def test_who_comes_fails_is_locked_out_and_leaves(self, bob: Staff) -> None:
        an_app(with_password(bob.user))
        before, typed = number(bob.organization), {"login": bob.user.email}
        for _ in range(12):
            Client().post(reverse("account_login"), {**typed, "password": "wrong"})
        client = proven(bob.user)
        client.post(reverse("account_logout"))
        assert told(bob.organization, before) == [
            *["Somebody as Bob Analyst: Failed to sign in: wrong password"] * 10,
            "Somebody as Bob Analyst: Was locked out: too many tries failed",
            "Bob Analyst: Signed out",
        ]

    def test_a_wrong_code_and_signing_in(self, bob: Staff) -> None:
        an_app(with_password(bob.user))
        before, client = number(bob.organization), Client()
        client.post(reverse("account_login"), {"login": bob.user.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
        assert told(bob.organization, before) == ["Somebody as Bob Analyst: Failed to sign in: wrong code"]
        event = bob.organization.audit_events.latest("id")
        assert (event.user, event.staff, event.whole_id) == (bob.user, bob, str(bob.user.pk))
        assert thing(event, bob, Names([event]))[0] == "Person Bob Analyst"

    def test_who_tries_an_address_that_nobody_has_is_kept_the_same_way(self, nordbank: Organization) -> None:
        before = number(nordbank)
        Client().post(reverse("account_login"), {"login": "no@mail.example", "password": "wrong"})
        assert (SignInEvent.objects.get().user, number(nordbank)) == (None, before)
        event = AuditEvent.objects.get(model="organizations.SignInEvent")
        assert (event.organization, event.user) == (None, None)

    def test_away_too_long(self, bob: Staff, settings: Any) -> None:
        client = signed_in(bob)
        before, settings.SESSION_IDLE_SECONDS = number(bob.organization), -1
        client.get(bob.organization.url("overview"))
        assert told(bob.organization, before) == ["Bob Analyst: Was signed out after being away"]

    def test_each_bank_hears_of_its_own_row_of_staff(self, bob: Staff, charlie: Staff) -> None:
        """Who works at two banks is in both trails under the staff row of each."""
        also = StaffFactory(organization=charlie.organization, user=bob.user, role=Role.VIEWER)
        proven(bob.user).post(reverse("account_logout"))
        found = AuditEvent.objects.filter(model="organizations.SignInEvent")
        assert {(one.organization_id, one.staff) for one in found} == {
            (bob.organization_id, bob),
            (also.organization_id, also),
        }

    def test_who_accepts_an_invitation_joins(self, nordbank: Organization, alice: Staff) -> None:
        _, token = Invitation.objects.invite(
            nordbank, email="nina@bank.example", role=Role.ANALYST, by=alice, at=timezone.now()
        )
        before = number(nordbank)
        said = {"name": "Nina Nová", "password1": "copper-window-ladder", "password2": "copper-window-ladder"}
        Client().post(reverse("invitation", args=[token]), said)
        act = told(nordbank, before - 1)[-1]
        assert act.startswith("Nina Nová: Joined as Analyst + Accepted the invitation")

    def test_another_s_sessions(self, bob: Staff, alice: Staff) -> None:
        """An admin who ends somebody's access is the one who ended the sessions."""
        an_app(with_password(bob.user))
        client = Client()
        client.post(reverse("account_login"), {"login": bob.user.email, "password": PASSWORD})
        from allauth.usersessions.models import UserSession

        UserSession.objects.create(user=bob.user, ip="10.0.0.1", session_key="k", user_agent="x")
        before = number(bob.organization)
        signed_in(alice).post(bob.organization.url("staff:staff_access", bob.user.pk), {"access": "end"})
        assert told(bob.organization, before)[0].startswith("Alice Admin: Ended the access of Bob Analyst")


def test_handing_over_is_not_opening(nordbank: Organization, olga: Staff, vera: Staff) -> None:
    customer = CustomerFactory(organization=nordbank, external_id="C7", name="Jana Nová")
    customer.reveal(["name", "email"], reason="Case 7", by=vera, at=NOW)
    customer.reveal(["name"], reason="Handed over", by=olga, at=NOW, handed_over="pdf")
    first, second = told(nordbank)[-2:]
    assert first.endswith(": Opened masked data of customer C7: Email, Name. Why: Case 7")
    assert second.endswith(": Handed over all data of customer C7 as a PDF file")


def test_one_approval_is_one_act(nordbank: Organization, alice: Staff, bob: Staff, erika: Staff) -> None:
    signed_in(alice).post(
        nordbank.url("staff:staff_role", bob.user.pk), {"role": "marketer", "comment": "New"}
    )
    before = number(nordbank)
    asked = nordbank.approvals.get()
    signed_in(erika).post(
        nordbank.url("approval_decide", asked.pk), {"verdict": "approved", "comment": "Yes"}
    )
    said = told(nordbank, before)
    title = asked.title.replace("“", "‘").replace("”", "’")
    # One act alone is told row by row, none is lost.
    assert f"Erika Approver: Approved “{title}”" in said
    assert "Erika Approver: Changed the role of Bob Analyst from Analyst to Marketer" in said
    together = told(nordbank, before - 1)
    assert len(together) == 2
    assert together[1].startswith(f"Erika Approver: Approved “{title}” + ")
    assert together[1].count(" + ") == len(said) - 1


def test_two_hands_of_one_request_are_two_acts() -> None:
    """Nobody's act hides under another's, whatever the request is called."""
    one, two = uuid4(), uuid4()
    events = [
        AuditEvent(request="r", user_id=by, model="ledgers.Ledger", whole="x") for by in (one, two, one)
    ]
    found = [(act.lead.user_id, len(act.others)) for act in acts_of(events)]
    assert found == [(one, 1), (two, 0)]


def test_the_page_folds_and_the_file_does_not(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    segment = SegmentFactory(organization=nordbank, name="Czechs")
    with scope.inside(nordbank, user=bob.user.pk, staff=bob.pk, request="r-9"):
        segment.save_definition(EVERYONE, by=bob, at=NOW)
    client = signed_in(alice)
    text = client.get(nordbank.url("audit:event_list")).content.decode()
    folded = re.search(
        r"Wrote version 1 of segment “Czechs”.*?<summary>1 row more</summary>(.*?)</details>", text
    )
    assert folded
    assert "Put version 1 of segment “Czechs” in force" in folded[1]
    answer: Any = client.get(nordbank.url("audit:event_export"), {"q": "r-9"})
    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 3


def test_the_first_version_of_a_segment_in_its_own_words(nordbank: Organization, bob: Staff) -> None:
    segment = SegmentFactory(organization=nordbank, name="Czechs")
    version = segment.save_definition(EVERYONE, by=bob, at=NOW)
    event = nordbank.audit_events.get(model="segments.SegmentVersion", object_id=version.pk)
    said = {line.label: line.after for line in lines(event, Names([event], zone=nordbank.zone))}
    assert said["Definition"] == "Customers where country is CZ."
    assert said["Created by"] == "Bob Analyst"
    assert "Uses" not in said


def test_amounts_have_their_currency_and_times_the_bank_s_zone(nordbank: Organization, alice: Staff) -> None:
    campaign = campaign_on(account_segment(nordbank))
    Trigger.objects.filter(campaign=campaign).update(threshold="90.5", clear_at="90.5")
    event = nordbank.audit_events.filter(model="alerts.Trigger", action="changed").latest("id")
    amounts = [(line.label, line.after) for line in lines(event, Names([event], zone=nordbank.zone))]
    assert amounts == [("Threshold", "90.50 EUR"), ("Clear at", "90.50 EUR")]
    key, _ = a_key(nordbank)
    event = nordbank.audit_events.get(model="organizations.ApiKey", action="created")
    said = {line.label: line.after for line in lines(event, Names([event], zone=nordbank.zone))}
    local = key.expires_at.astimezone(nordbank.zone)
    assert said["Expires at"] == f"{local.day} {local:%b %Y, %H:%M}"


def test_a_row_that_was_put_in_by_hand_breaks_no_page(nordbank: Organization, alice: Staff) -> None:
    with scope.nobody():
        AuditEvent.objects.create(
            organization=nordbank,
            at=timezone.now(),
            model="segments.Segment",
            whole="segments.Segment",
            whole_id="no id at all",
            object_id="x",
            action="changed",
            changes={"owner_id": ["x", {"hidden": True}], "no_column": [1, 2]},
        )
    text = signed_in(alice).get(nordbank.url("audit:event_list")).content.decode()
    assert "Changed segment" in text


def test_who_makes_void_says_why(nordbank: Organization, alice: Staff, bob: Staff) -> None:
    signed_in(alice).post(nordbank.url("staff:staff_role", bob.user.pk), {"role": "marketer", "comment": ""})
    approving.take_back(nordbank.approvals.get(), by=alice, at=timezone.now())
    assert told(nordbank)[-1].endswith("Why: Taken back.")
