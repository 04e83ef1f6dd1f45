"""The fields of an event in words: as pages call them, before and after, names for ids, times in the bank's zone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime, parse_duration

from console.organizations.kinds import KINDS
from console.organizations.models import AuditEvent
from console.organizations.watched import WATCHED
from console.templatetags.console import count, day, money

HIDDEN = {"hidden": True}
SHORT = 60
UTC = ZoneInfo("UTC")
# What says nothing to people: other columns say the same, or the event itself does.
SILENT = {
    *("created_at", "updated_at"),
    *("organizations.Approval.subject", "organizations.Approval.fingerprint"),
    *("imports.ImportRun.file", "imports.ImportRun.digest", "segments.SegmentVersion.uses"),
}
LABELS = {
    "organizations.Organization.name": "Legal name",
    "organizations.Organization.address": "Seat",
    "organizations.Organization.parent_id": "Part of",
    "organizations.Organization.founded_by_id": "Made by people or keys of",
    "organizations.Approval.before": "So far",
    "organizations.Approval.after": "Asked for",
    "organizations.Approval.given": "With",
    "organizations.Approval.maker_id": "Asked by",
    "organizations.Decision.maker_id": "Asked by",
    "organizations.Decision.checker_id": "Decided by",
    "organizations.Approval.needed": "Approvals needed",
    "organizations.Approval.audience": "Reaches",
    "communications.TemplateVersion.html": "Letter",
    "communications.TemplateVersion.text": "Letter without formatting",
    "communications.ConfigurationVersion.configuration_id": "Communication",
    "communications.Run.configuration_id": "Communication",
    "usersessions.UserSession.user_id": "Person",
    "mfa.Authenticator.user_id": "Person",
    "organizations.SignInEvent.user_id": "Person",
    "ledgers.Ledger.has_typed_accounts": "Only account types",
    "ledgers.Asset.scale": "Decimals",
    "ledgers.Asset.type": "Kind",
    "portfolios.Account.external_id": "Number",
    "portfolios.Account.asset_code": "Asset",
    "portfolios.Account.is_blocked": "Debit blocked",
    "portfolios.Account.parent_id": "Parent account",
    "portfolios.AccountType.key_value": "Key",
}
# By "model.column": an app's own words for a value, from the value and the row that holds it, None where it is gone.
WRITERS: dict[str, Callable[[Any, Any], str]] = {
    "organizations.Organization.address": lambda address, _: ", ".join(map(str, address.values())),
    "organizations.Approval.kind": lambda kind, _: KINDS[kind].label if kind in KINDS else kind,
}
# Of these the row itself is looked up: its name, or what its values mean, stands in other columns than changed.
LOOKED_UP = {
    *("organizations.Staff", "organizations.Invitation", "customers.Customer", "portfolios.Account"),
    *("portfolios.Portfolio", "alerts.Trigger", "segments.SegmentVersion"),
    "segments.BulkRun",
}
NAMELESS = {"communications.Suppression", "organizations.SignInEvent", "alerts.Alert"}
# What a name is made of, to be asked for at once.
RELATED = ("user", "segment", "portfolio", "template", "configuration")


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


class Names:
    """What the rows are called that events point to, one look-up a table; nobody's customers by name.

    Times are told in `zone`.
    """

    def __init__(self, events: Iterable[AuditEvent] = (), *, zone: ZoneInfo = UTC) -> None:
        self.zone = zone
        self.rows: dict[tuple[str, str], Model] = {}
        wanted: dict[str, set[str]] = {}
        for event in events:
            for label, key in pointed_at(event):
                wanted.setdefault(label, set()).add(key)
        for label, keys in wanted.items():
            model = apps.get_model(label)
            related = [name for name in RELATED if has(model, name)]
            fitting = [key for key in keys if fits(model, key)]
            found = model._base_manager.filter(pk__in=fitting).select_related(*related)
            self.rows |= {(label, str(row.pk)): row for row in found}

    def name(self, label: str, key: Any) -> str:
        """What a row is called; the end of its id where it is gone."""
        row = self.rows.get((label, str(key)))
        return str(row) if row else f"…{str(key)[-6:]}"

    def written(self, event: AuditEvent, column: str, value: Any) -> str:
        """A value of a column in words."""
        if value in (None, "", [], {}):
            return ""
        if value == HIDDEN:
            return "•••"
        row = self.rows.get((event.model, event.object_id))
        if writer := WRITERS.get(f"{event.model}.{column}"):
            return writer(value, row)
        field = fields_of(event.model).get(column)
        if isinstance(field, ForeignKey):
            return self.name(field.related_model._meta.label, value)
        if (part := getattr(field, "base_field", None)) is not None and part.choices:
            return ", ".join(str(dict(part.flatchoices).get(one, one)) for one in value)
        if field is not None and field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, str | int | float) and field is not None:
            return self._plain(field.get_internal_type(), value, event, row)
        return in_words(value)

    def _plain(self, kind: str, value: Any, event: AuditEvent, row: Any) -> str:
        if isinstance(value, bool):
            return in_words(value)
        if kind == "DateTimeField" and (at := parse_datetime(value)):
            return moment(at.astimezone(self.zone))
        if kind == "DateField" and (on := parse_date(value)):
            return day(on)
        if kind == "DurationField":
            return duration(value)
        if kind == "DecimalField":
            currency = event.changes.get("currency", [None, None])[1] or getattr(row, "currency", "")
            return money(Decimal(str(value)), currency)
        return count(value) if isinstance(value, int) else str(value)


def lines(event: AuditEvent, names: Names) -> list[Line]:
    """Each field with its value before and after, as the model has them in order."""
    columns = list(fields_of(event.model))
    order = sorted(event.changes, key=lambda name: columns.index(name) if name in columns else len(columns))
    found = []
    for column in order:
        if SILENT & {column, f"{event.model}.{column}"}:
            continue
        before, after = event.changes[column]
        was, became = (names.written(event, column, value) for value in (before, after))
        if was or became:
            found.append(Line(label_of(event.model, column), was, became, HIDDEN in (before, after)))
    return found


def label_of(model: str, column: str) -> str:
    """What the pages call a column: Dry run, not Is dry run."""
    field = fields_of(model).get(column)
    usual = str(field.verbose_name) if field is not None else column.replace("_", " ")
    for word in ("is ", "has "):
        usual = usual.removeprefix(word)
    return LABELS.get(f"{model}.{column}") or usual.capitalize().replace(" id", "")


def pointed_at(event: AuditEvent) -> Iterable[tuple[str, str]]:
    """The rows by (model, id) whose names may stand in an event's words."""
    if speaks(event.whole):
        yield event.whole, event.whole_id
    if event.model in LOOKED_UP:
        yield event.model, event.object_id
    for column, field in fields_of(event.model).items():
        if isinstance(field, ForeignKey) and speaks(label := field.related_model._meta.label):
            yield from ((label, str(one)) for one in event.changes.get(column, []) if one)


def speaks(label: str) -> bool:
    """Whether rows of a model have names that say something to people, and may be told."""
    return label in WATCHED and label not in NAMELESS


def fields_of(label: str) -> dict[str, Any]:
    """The fields of a model by their columns."""
    return {field.column: field for field in apps.get_model(label)._meta.concrete_fields}


def fits(model: type[Model], key: str) -> bool:
    """Whether it can be a key of the model at all: a row that was put in by hand may say anything."""
    try:
        model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return True


def has(model: type[Model], name: str) -> bool:
    """Whether the model has a foreign key of that name."""
    return any(isinstance(field, ForeignKey) and field.name == name for field in model._meta.concrete_fields)


def in_words(value: Any) -> str:
    """Any JSON value: lists one after the other, pairs and objects as label: value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{key}: {in_words(one)}" for key, one in value.items() if one not in (None, ""))
    if isinstance(value, list):
        is_pairs = all(isinstance(one, list) and len(one) == 2 for one in value)
        return (
            in_words({str(one[0]): one[1] for one in value}) if is_pairs else ", ".join(map(in_words, value))
        )
    return str(value)


def moment(at: Any) -> str:
    """22 Nov 2026, 10:42, in the zone that it has."""
    return f"{day(at)}, {at:%H:%M}"


def duration(text: str) -> str:
    """1 day 2 h from what PostgreSQL writes as 1 day 02:00:00."""
    whole = parse_duration(text)
    if whole is None:
        return text
    hours, rest = divmod(whole.seconds, 3600)
    parts = [(whole.days, "day" if whole.days == 1 else "days"), (hours, "h"), (rest // 60, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def short(text: str) -> str:
    """The beginning of a long value."""
    return text if len(text) <= SHORT else f"{text[:SHORT].rstrip()}…"
