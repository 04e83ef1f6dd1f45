"""All cards of the overview together, with one sentence that says where to begin."""

from collections import Counter
from datetime import datetime
from typing import Any

from alerts.models import Alert
from communications.models import Message
from console.counts import count_of
from console.founding.steps import next_of, steps_of
from console.organizations.models import Organization, Staff
from console.overview.money import money_of
from console.overview.moved import what_moved
from console.overview.out import what_fires, what_goes_out
from console.overview.tasks import Task, broken, waiting


def overview_of(
    organization: Organization, staff: Staff, *, at: datetime, is_money_asked: bool
) -> dict[str, Any]:
    """The context of the page at the moment `at`. An organization without data is told how to begin."""
    steps = steps_of(organization, staff)
    if not steps[-1].is_done:
        return {"is_empty": True, "steps": steps, "next": next_of(steps)}
    figures = figures_of(organization)
    tasks, waits = broken(organization, staff, at=at), waiting(organization, staff, at=at)
    return {
        "steps": [step for step in steps if not step.is_done],
        "next": None,
        "today": organization.local_date(at),
        "stats": figures,
        "broken": tasks,
        "marks": marks(tasks),
        "waiting": waits,
        "lead": lead(tasks, waits, figures),
        "moved": what_moved(organization, at=at),
        "firing": what_fires(organization),
        "sending": what_goes_out(organization, at=at),
        "money": money_of(organization, is_asked=is_money_asked),
    }


def figures_of(organization: Organization) -> list[dict[str, Any]]:
    """The strip of figures on top."""
    customers, accounts = count_of(organization.customers.all()), count_of(organization.accounts.all())
    segments = organization.segments.filter(archived_at=None).count()
    due = count_of(organization.messages.filter(state__in=[Message.State.QUEUED, Message.State.SENDING]))
    firing = count_of(organization.alerts.filter(state=Alert.State.FIRING))
    return [
        {"label": "Customers", "value": customers.value, "sure": customers.sure},
        {"label": "Accounts", "value": accounts.value, "sure": accounts.sure},
        {"label": "Segments", "value": segments, "sure": "exact"},
        {"label": "Messages under way", "value": due.value, "sure": due.sure},
        {
            "label": "Alerts firing",
            "value": firing.value,
            "sure": firing.sure,
            "tone": "bad" if firing.value else "",
        },
    ]


def lead(tasks: list[Task], waits: list[Task], figures: list[dict[str, Any]]) -> tuple[str, str]:
    """Where to begin, and the rest of the day in a sentence."""
    due, firing = figures[3]["value"], figures[4]["value"]
    rest = f"{several(firing, 'alert fires', 'alerts fire')}, {several(due, 'message is', 'messages are')} under way"
    waits_too = f" and {several(len(waits), 'thing waits', 'things wait')} for somebody" if waits else ""
    rest = f"{rest}{waits_too}.".capitalize()
    if tasks:
        return f"Start with what is broken: {tasks[0].heading[0].lower()}{tasks[0].heading[1:]}.", rest
    return "Nothing is broken.", rest


def marks(tasks: list[Task]) -> list[tuple[str, str]]:
    """How many stopped and how many wait, in the order of the card: 1 stopped, 2 wait."""
    kinds = Counter((task.word.lower(), task.tone) for task in tasks)
    return [(f"{n} {word if n == 1 else word.removesuffix('s')}", tone) for (word, tone), n in kinds.items()]


def several(number: int, one: str, many: str) -> str:
    """No alerts fire, one alert fires, 1,204 alerts fire."""
    words = {0: "no", 1: "one"}
    return f"{words.get(number, f'{number:,}')} {one if number == 1 else many}"
