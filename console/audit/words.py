"""An event in words: who, what happened to which thing, and each field before and after as its page calls it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, UUIDField
from django.urls import resolve
from django.utils.dateparse import parse_datetime

from console.organizations.access import may
from console.organizations.models import AuditEvent, Staff
from console.organizations.watched import WATCHED

HIDDEN = {"hidden": True}
SHORT = 60
ACTIONS = {"created": "Created", "changed": "Changed", "deleted": "Deleted"}
# Where the row's coming and going is the deed itself.
DEEDS = {
    ("usersessions.UserSession", "created"): "Signed in",
    ("usersessions.UserSession", "deleted"): "Session ended",
    ("customers.Reveal", "created"): "Opened masked data of a customer",
    ("customers.Erasure", "created"): "Erased a customer",
}
TITLES = {
    "usersessions.UserSession": "session",
    "mfa.Authenticator": "sign-in method",
    "account.EmailAddress": "email address",
    "organizations.ApiKey": "API key",
    "segments.SegmentVersion": "definition of a segment",
    "segments.Run": "refresh",
    "communications.Configuration": "communication",
    "communications.ConfigurationVersion": "version of a communication",
    "communications.Run": "send",
    "communications.Decision": "decision on a message",
    "communications.EndpointSecret": "secret of an endpoint",
    "organizations.Decision": "decision on an approval",
    "alerts.Trigger": "rule of a campaign",
    "imports.ImportRun": "import",
}


@dataclass(frozen=True)
class Line:
    """One field of an event. `before` and `after` are words; "" for nothing."""

    label: str
    before: str
    after: str
    is_hidden: bool

    @property
    def words(self) -> str:
        if self.is_hidden:
            return f"{self.label} {'changed' if self.before and self.after else 'added' if self.after else 'removed'}"
        if not self.before:
            return f"{self.label}: {short(self.after)}"
        return f"{self.label} from {short(self.before)} to {short(self.after) or 'nothing'}"


def kind_of(label: str) -> str:
    """What people call a model: campaign, API key."""
    return TITLES.get(label) or str(apps.get_model(label)._meta.verbose_name)


def who(event: AuditEvent) -> str:
    """The person, key or schedule that did it."""
    if event.staff or event.user:
        return str(event.staff or event.user)
    if event.user_id:
        return "A person who is gone"
    if event.key_id:
        return f"Key “{event.key.name}”" if event.key else "A key that is gone"
    if event.task:
        return f"Schedule: {event.task.rsplit('.', 1)[-1].replace('_', ' ')}"
    return "Somebody not signed in" if event.request else f"At the database, as {event.login}"


def what(event: AuditEvent) -> str:
    """What happened, in one sentence without its subject."""
    if deed := DEEDS.get((event.model, event.action)):
        return deed
    named = f" “{event.name}”" if event.name else ""
    said = f"{ACTIONS[event.action]} {kind_of(event.model)}{named}"
    if event.action != "changed":
        return said
    changed = lines(event)
    more = f" and {len(changed) - 2} more" if len(changed) > 2 else ""
    return f"{said}: {', '.join(line.words for line in changed[:2])}{more}"


def thing(event: AuditEvent, reader: Staff) -> tuple[str, str]:
    """The object on whose page it belongs, in words, and that page's address; "" where the reader may not go there."""
    words = event.name if event.model == event.whole and event.name else f"…{event.whole_id[-6:]}"
    return f"{kind_of(event.whole).capitalize()} {words}", page_of(event, reader)


def page_of(event: AuditEvent, reader: Staff) -> str:
    """The address of that object's page: without asking for the object, which may be gone."""
    model = apps.get_model(event.whole)
    is_gone = event.action == "deleted" and event.model == event.whole
    if is_gone or not isinstance(model._meta.pk, UUIDField) or not hasattr(model, "get_absolute_url"):
        return ""
    url = str(model(pk=event.whole_id, organization=reader.organization).get_absolute_url())
    return url if may(reader, vars(resolve(url).func).get("permission", "view")) else ""


def lines(event: AuditEvent, names: "Names | None" = None) -> list[Line]:
    """Each field with its value before and after, as the model has them in order."""
    model = apps.get_model(event.model)
    columns = {field.column: field for field in model._meta.concrete_fields}
    known = names or Names()
    found = []
    for column in sorted(
        event.changes, key=lambda name: list(columns).index(name) if name in columns else 99
    ):
        before, after = event.changes[column]
        field = columns.get(column)
        label = str(field.verbose_name).capitalize() if field is not None else column
        is_hidden = HIDDEN in (before, after)
        found.append(Line(label, known.written(field, before), known.written(field, after), is_hidden))
    return found


class Names:
    """What the rows are called that events point to; nothing of a customer is."""

    def __init__(self, events: Iterable[AuditEvent] = ()) -> None:
        self.known: dict[tuple[type[Model], str], str] = {}
        wanted: dict[type[Model], set[str]] = {}
        for event in events:
            for field in apps.get_model(event.model)._meta.concrete_fields:
                if isinstance(field, ForeignKey) and speaks(field.related_model):
                    values = event.changes.get(field.column, [])
                    wanted.setdefault(field.related_model, set()).update(str(one) for one in values if one)
        for model, keys in wanted.items():
            rows = model._base_manager.filter(pk__in=keys)
            related = [name for name in ("user", "segment", "template") if has(model, name)]
            self.known |= {(model, str(row.pk)): str(row) for row in rows.select_related(*related)}

    def written(self, field: Any, value: Any) -> str:
        """A value of a field in words."""
        if value in (None, "", [], {}):
            return ""
        if value == HIDDEN:
            return "•••"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(field, ForeignKey):
            return self.known.get((field.related_model, str(value)), f"…{str(value)[-6:]}")
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if field is not None and field.get_internal_type() == "DateTimeField":
            return f"{parse_datetime(value):%-d %b %Y, %H:%M} UTC"
        if field is not None and field.get_internal_type() == "DecimalField":
            return f"{value:,.2f}"
        return str(value)


def speaks(model: type[Model]) -> bool:
    """Whether the rows of a model may be called by their names here."""
    watched = WATCHED.get(model._meta.label)
    return watched is not None and watched.shown is None


def has(model: type[Model], name: str) -> bool:
    """Whether the model has a foreign key of that name."""
    return any(isinstance(field, ForeignKey) and field.name == name for field in model._meta.concrete_fields)


def short(text: str) -> str:
    """The beginning of a long value."""
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()}…"
