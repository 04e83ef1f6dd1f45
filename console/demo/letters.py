"""What the demo bank wrote to its customers: templates, communications, past sends and what became of them."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from communications.audience import audience
from communications.letters import loaded, prepare
from communications.models import Attempt, Configuration, ConfigurationVersion, Message, Run, Suppression
from communications.purposes import Purpose
from communications.rendering.content import Content
from communications.rendering.renderer import Renderer
from console.demo.asking import approve
from console.demo.groups import GUESTS, RISK, SALARY
from console.organizations.models import Organization, Staff

PAPER = '<body style="font: 15px/24px Arial, sans-serif; color: #14212a; padding: 8px 20px">\n'
COACHING = Content(
    subject="{{ customer.name }}, your account may need some air",
    html=PAPER
    + """<h1 style="font: 600 20px/28px Georgia, serif">Good day, {{ customer.name }}</h1>
<p>The balance of your current account has been low lately. Overdraft protection moves money from your savings when you
need it, at no charge.</p>
<p><a href="https://nordbank.example/cover">See how it works</a></p>
<p style="font-size: 12px; color: #586772">{{ organization.name }}, branch {{ customer.custom_data.branch }}.
<a href="{{ unsubscribe_url }}">No more letters like this</a></p>
""",
)
SAVING = Content(
    subject="Your salary is here. Put some of it aside?",
    html=PAPER
    + """<p>Good day, {{ customer.name }},</p>
<p>your salary has arrived. {% if customer.custom_data.tier == "gold" %}
As a gold customer you earn 0.3 % more on savings.
{% else %}A standing order on payday saves without thinking of it.{% endif %}</p>
<p><a href="https://nordbank.example/save">Open savings</a></p>
<p style="font-size: 12px; color: #586772"><a href="{{ unsubscribe_url }}">No more letters like this</a></p>
""",
)
WELCOME = Content(
    subject="{{ customer.name }}, an account of your own",
    html=PAPER
    + """<p>Good day, {{ customer.name }},</p>
<p>you pay with somebody else’s account at {{ organization.name }}. One of your own takes ten minutes.</p>
<p><a href="https://nordbank.example/open">Open an account</a></p>
<p style="font-size: 12px; color: #586772"><a href="{{ unsubscribe_url }}">No more letters like this</a></p>
""",
)
COACHED, SAVED, WELCOMED = (
    "Overdraft coaching letter",
    "Salary by the 10th, savings tip",
    "An account of your own",
)
LETTERS = {
    COACHED: (COACHING, RISK, Purpose.SERVICE),
    SAVED: (SAVING, SALARY, Purpose.MARKETING),
    WELCOMED: (WELCOME, GUESTS, Purpose.MARKETING),
}


def prepare_letters(organization: Organization, *, by: Staff, at: datetime) -> None:
    """Save the templates and the communications that use them; all are active."""
    for name, (content, segment, purpose) in LETTERS.items():
        template = organization.templates.create(name=name, created_at=at)
        template.save_version(content, by=by, at=at)
        letter = organization.configurations.create(name=name, created_at=at)
        version = ConfigurationVersion(
            segment=organization.segments.get(name=segment),
            purpose=purpose,
            template=template,
            sender_name=str(organization),
            sender_address="letters@nordbank.example",
        )
        letter.save_version(version, by=by, at=at)
        letter.turn(Configuration.State.ACTIVE, by=by, at=at)


def send(organization: Organization, name: str, *, by: Staff, approver: Staff, at: datetime) -> None:
    """Ask for the letter of that name at a moment gone by, have it approved, and let it have arrived."""
    letter = organization.configurations.get(name=name)
    if letter.version and audience(letter.version).planned:
        approval = approve("send", letter.pk, by=by, approver=approver, at=at)
        _arrive(letter.runs.get(approval=approval), at)


def _arrive(run: Run, at: datetime) -> None:
    """Every letter is written as the dispatcher writes it; then some mailboxes are gone, and a try was lost."""
    run.messages.update(created_at=at, changed_at=at, next_attempt_at=at)
    waiting = list(
        run.messages.filter(state=Message.State.QUEUED).order_by("customer").values_list("pk", flat=True)
    )
    with Renderer() as renderer:
        prepare(loaded(waiting), renderer, at=at)
    lost, gone = set(waiting[17::60]), set(waiting[9::25])
    for pk in gone:
        _note([pk], at, Message.State.FAILED, Attempt.Outcome.FAILED, 550, "550 5.1.1 no such mailbox")
        address = Message.objects.values_list("copy__address", flat=True).get(pk=pk)
        Suppression.add(run.organization_id, address, reason=Suppression.Reason.BOUNCED, at=at, message=pk)
    rest = [pk for pk in waiting if pk not in gone | lost]
    _note(rest, at, Message.State.SENT, Attempt.Outcome.SENT, 250, "250 2.0.0 accepted")
    stopped = "stopped between send and record; waits for a person"
    _note(list(lost), at, Message.State.UNCERTAIN, Attempt.Outcome.UNCERTAIN, None, stopped)
    run.messages.filter(state=Message.State.SENT).update(sent_at=F("changed_at"))


def _note(messages: list[Any], at: datetime, state: str, outcome: str, code: int | None, answer: str) -> None:
    """One try of each message, a second after it was due."""
    ended = at + timedelta(seconds=1)
    tried = Message.objects.filter(pk__in=messages)
    tried.update(state=state, tries=1, changed_at=ended, note=answer)
    Attempt.objects.bulk_create(
        Attempt(
            message=message,
            number=1,
            started_at=at,
            finished_at=ended,
            outcome=outcome,
            code=code,
            answer=answer,
        )
        for message in tried
    )
