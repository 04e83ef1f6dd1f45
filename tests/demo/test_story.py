"""What a newcomer finds in the demo bank: segments with a past, letters sent, alerts, an import with bad rows."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.models import F, Max
from pytest_django import DjangoDbBlocker

from alerts.models import Alert
from communications.models import Message
from console.demo import bank, letters, story
from console.organizations.models import Organization, Role
from segments.models import Run
from tests.conftest import signed_in
from tests.demo.conftest import AS_OF, demo
from tests.factories import NOW


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """500 customers and their story, in a transaction that the module's tests share; what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW):
            said = demo(customers=500, bare=False)
        yield said
        transaction.set_rollback(True)


@pytest.fixture
def nordbank(told: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Organization]:
    """The demo bank with its story."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Organization.objects.get(slug=bank.SLUG)
        transaction.set_rollback(True)


def test_segments_have_members_versions_and_a_past(nordbank: Organization) -> None:
    counts = dict(nordbank.segments.values_list("name", "member_count"))
    assert len(counts) >= 9
    assert sum(bool(count) for count in counts.values()) >= 8, counts
    risk = nordbank.segments.get(name="Overdraft at risk")
    assert [version.number for version in risk.versions.all()] == [2, 1]
    assert {run.state for run in nordbank.segment_runs.all()} == {Run.State.DONE}
    days = set(risk.events.values_list("at__date", flat=True))
    assert len(days) >= 4
    assert set(risk.events.values_list("change", flat=True)) == {"entered", "left"}


def test_refreshes_of_the_past_took_a_moment_not_weeks(nordbank: Organization) -> None:
    runs = nordbank.segment_runs.exclude(started_at=None).exclude(finished_at=None)
    took = F("finished_at") - F("started_at")
    longest = runs.aggregate(longest=Max(took))["longest"]
    assert longest.total_seconds() < 2


def test_letters_went_out_and_the_books_balance(nordbank: Organization) -> None:
    runs = list(nordbank.communication_runs.all())
    assert len(runs) == 4
    days = {nordbank.local_date(run.confirmed_at) for run in runs}
    assert {AS_OF, AS_OF - timedelta(days=1)} <= days
    for run in runs:
        assert run.messages.count() == run.planned > 0
    letters = nordbank.messages
    assert set(letters.values_list("state", flat=True)) >= {"sent", "failed", "suppressed"}
    assert not letters.filter(state__in=["queued", "sending"]).exists()
    sent = letters.filter(state=Message.State.SENT)
    assert sent.filter(attempts__code=250).count() == sent.count()
    letter = sent.select_related("copy", "customer").first()
    assert letter is not None
    assert letter.customer is not None
    assert letter.customer.name in letter.copy.subject
    assert letter.copy.address == letter.customer.email


def test_a_bounced_address_gets_no_second_letter(nordbank: Organization) -> None:
    coached = nordbank.communication_runs.filter(configuration__name=letters.COACHED)
    later = coached.order_by("-confirmed_at").first()
    assert later is not None
    failed_before = nordbank.messages.filter(
        state="failed", run__in=coached, run__confirmed_at__lt=later.confirmed_at
    )
    again = later.messages.filter(customer__in=failed_before.values("customer"))
    assert set(again.values_list("held_back", flat=True)) == {"bounced"}


def test_alerts_fired_over_days_and_staff_work_on_some(nordbank: Organization) -> None:
    alerts = nordbank.alerts
    assert len(set(alerts.values_list("fired_at__date", flat=True))) >= 2
    assert alerts.filter(state=Alert.State.FIRING).exists()
    assert alerts.exclude(assigned_to=None).exists()
    assert not alerts.filter(value__gte=F("threshold")).exists()
    assert set(alerts.values_list("state", flat=True)) >= {"firing", "snoozed", "resolved"}
    assert alerts.exclude(assigned_to=None).values("assigned_to").distinct().count() == 2
    active = nordbank.campaigns.filter(state="active")
    assert sum(campaign.alerts.exists() for campaign in active) == active.count() == 3
    assert nordbank.banners.get().is_shown
    assert nordbank.campaigns.filter(state="draft").count() == 1


def test_monitors_hold_for_some_and_not_for_others_for_a_while(nordbank: Organization) -> None:
    found = list(nordbank.monitors.all())
    assert len(found) == 4
    assert not any(monitor.fault for monitor in found)
    assert all(monitor.evaluated_at and monitor.known for monitor in found)
    assert sum(bool(monitor.holding) for monitor in found) >= 3
    since = nordbank.monitor_readings.filter(state="holds").values_list("since__date", flat=True)
    assert len(set(since)) > 1
    shown = signed_in(nordbank.staff.get(role=Role.ANALYST)).get(nordbank.url("billing:monitor_list"))
    assert "Over 30 days late" in shown.content.decode()


def test_offers_reach_who_agreed_and_say_why_the_others_get_nothing(nordbank: Organization) -> None:
    offers = nordbank.messages.filter(version__purpose="marketing")
    assert set(offers.values_list("held_back", flat=True)) >= {"", "no_consent", "declined"}
    agreed = nordbank.consents.filter(channel="email", purpose="marketing", is_given=True)
    assert not offers.filter(held_back="").exclude(customer__in=agreed.values("customer")).exists()
    coaching = nordbank.messages.filter(version__purpose="service")
    assert not coaching.filter(held_back__in=["no_consent", "declined"]).exists()


def test_an_import_of_this_morning_has_rejected_rows(nordbank: Organization) -> None:
    run = nordbank.import_runs.get()
    assert run.state == "done"
    assert (run.new, run.rejected) == (run.rows - 5, 5)
    assert not nordbank.movements.exists()


def test_nothing_lies_in_the_future_when_it_is_told_at_dawn(nordbank: Organization) -> None:
    latest = nordbank.segment_runs.aggregate(latest=Max("finished_at"))["latest"]
    assert nordbank.local_date(latest) == AS_OF


@pytest.mark.parametrize("name", ["overview", "segments:segment_list", "alerts:alert_list"])
def test_pages_show_it(nordbank: Organization, name: str) -> None:
    client = signed_in(nordbank.staff.get(role=Role.ANALYST))
    assert client.get(nordbank.url(name)).status_code == 200


@pytest.mark.django_db
def test_a_bank_too_small_for_a_story_has_one_all_the_same() -> None:
    demo(customers=4, bare=False)
    nordbank = Organization.objects.get(slug="nordbank")
    assert nordbank.segments.count() >= 9
    assert nordbank.monitors.count() == 4
    assert not nordbank.monitors.exclude(fault="").exists()


@pytest.mark.django_db
def test_reset_takes_the_story_too() -> None:
    demo(customers=30, bare=False)
    demo(customers=2, reset=True)
    bare = Organization.objects.get(slug="nordbank")
    assert not bare.segments.exists()
    assert not bare.import_runs.exists()
    story.tell(bare, as_of=date(2026, 11, 20))
    assert bare.segments.exists()
