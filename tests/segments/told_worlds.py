"""What the small random banks wrote and noticed: the same messages and alerts in plain Python and in PostgreSQL."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from alerts.models import Alert
from communications.models import Message
from console.customers.models import Customer
from console.portfolios.models import Account
from segments.models import Segment
from tests.alerts.bank import campaign_on
from tests.communications.factories import communication
from tests.segments.plain import Alarm, Holding, Letter, Person, World

LETTERS = ["Welcome", "Říjnové novinky"]
CAMPAIGNS = ["Low balance", "Nízký zůstatek"]
ENDED = ("resolved", "voided")


def write(random: Random, person: Person, at: datetime) -> None:
    """Letters to somebody: some sent, at moments around midnight, others waiting or held back."""
    for _ in range(random.choice([0, 0, 1, 3])):
        status = random.choice(["queued", "sent", "sent", "suppressed"])
        sent = at - timedelta(hours=random.choice([0, 1, 24, 25, 24 * 30])) if status == "sent" else None
        person.messages.append(Letter(random.choice(LETTERS), status, sent))


def alarm(random: Random, account: Holding, at: datetime) -> None:
    """Alerts on an account, of each campaign one open at most."""
    for campaign in random.sample(CAMPAIGNS, random.randint(0, 2)):
        for state in random.choice(
            [["firing"], ["resolved"], ["voided", "resolved"], ["resolved", "firing"]]
        ):
            fired = at - timedelta(hours=random.choice([0, 1, 24, 25, 24 * 90]))
            account.alerts.append(Alarm(campaign, state, fired))


def store_letters(segment: Segment, world: World, customers: dict[str, Customer], at: datetime) -> None:
    bank = segment.organization
    kept = {name: communication(bank, segment, name=name) for name in LETTERS}
    moments: dict[str, Any] = {"next_attempt_at": at, "created_at": at, "changed_at": at}
    Message.objects.bulk_create(
        Message(
            organization=bank,
            configuration=kept[letter.communication],
            version=kept[letter.communication].version,
            customer=customers[person.key],
            channel="email",
            occasion=f"{person.key}-{n}",
            state=letter.status,
            held_back="no_email" if letter.status == "suppressed" else "",
            sent_at=letter.sent_at,
            **moments,
        )
        for person in world.people.values()
        for n, letter in enumerate(person.messages)
    )


def store_alarms(segment: Segment, world: World, accounts: dict[str, Account]) -> None:
    kept = {name: campaign_on(segment, name=name) for name in CAMPAIGNS}
    Alert.objects.bulk_create(
        Alert(
            organization=segment.organization,
            campaign=kept[one.campaign],
            account=accounts[account.key],
            episode=n,
            state=one.state,
            fired_at=one.fired_at,
            as_of=one.fired_at.date(),
            value=Decimal(0),
            threshold=Decimal(100),
            currency=account.asset_code,
            ended_at=one.fired_at if one.state in ENDED else None,
        )
        for account in world.accounts.values()
        for n, one in enumerate(account.alerts)
    )
