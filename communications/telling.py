"""Domain events: who subscribed is told of what happens to the record, whoever does it and however many rows at once.

A table that is told of has two triggers, or three, each run once a statement, in the transaction that changes it: they
write a message to each endpoint that asked for the event (`tell()`, in migration 0005). Without such an endpoint they
look and write nothing. `manage.py migrate` makes them as this list says. What a message has is ids, codes, amounts, and
the names of fields that changed, never what they say: a name may be a person's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from communications.models import DomainEvent

# Who and when: never a change by themselves.
QUIET = ("id", "organization_id", "ledger_id", "created_at", "updated_at", "deleted_at")
TRANSITION = {
    "INSERT": "REFERENCING NEW TABLE AS now_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}


@dataclass(frozen=True)
class Told:
    """How one table is told of.

    name: what events begin with; or `event`, the only one that there is. key: the column with the id of what it is
    about, if not its own. fields: the columns whose change is told; usually all but `quiet` ones, `renamed` where the
    API calls them otherwise. values: columns told as they are, or were in a row that went. amounts: columns with money
    that are told as they are and were; usually all such. where: a column, only rows that have it true.
    on: what happens to its rows.
    """

    name: str = ""
    event: str = ""
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    quiet: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    where: str = ""
    on: tuple[str, ...] = ("INSERT", "UPDATE")

    def told(self, model: type[models.Model]) -> str:
        """What the triggers are told, as JSON."""
        amounts = {one: camel(one) for one in self.amounts or _amounts(model)} if self.event else {}
        events = [self.event] if self.event else [each for each in DomainEvent.values if self._is_mine(each)]
        said = {
            "events": events,
            "key": self.key or str(model._meta.pk.column),
            "fields": self.fields or amounts or self._fields(model),
            "amounts": amounts,
            "nothing": dict.fromkeys(_amounts(model), 0) if self.event else {},
            "values": {one: camel(one) for one in self.values},
        }
        return json.dumps(
            said | {name: getattr(self, name) for name in ("name", "event", "where") if getattr(self, name)}
        )

    def _is_mine(self, event: str) -> bool:
        return event.partition(".")[0] == self.name

    def _fields(self, model: type[models.Model]) -> dict[str, str]:
        every = [str(one.column) for one in model._meta.concrete_fields if not one.generated]
        told = [column for column in every if column not in (*QUIET, *self.quiet)]
        return {column: self.renamed.get(column, camel(column)) for column in told}


def _amounts(model: type[models.Model]) -> list[str]:
    """The columns that hold money."""
    fields = model._meta.concrete_fields
    return [str(one.column) for one in fields if isinstance(one, models.DecimalField)]


def camel(column: str) -> str:
    """A column as the API would call it."""
    first, *rest = column.split("_")
    return first + "".join(word.capitalize() for word in rest)


STATUS = {"status_description": "status"}
# Rows that also go for good, with their customer or by hand: what was taken off before is not told of once more.
ALSO_GO = ("INSERT", "UPDATE", "DELETE")
TOLD: dict[str, Told] = {
    "organizations.Organization": Told(
        "organization",
        quiet=("founded_by_id",),
        renamed=STATUS | {"name": "legalName", "parent_id": "parentOrganizationId"},
    ),
    "ledgers.Ledger": Told("ledger", renamed=STATUS),
    "ledgers.Asset": Told("asset", renamed=STATUS),
    "portfolios.Portfolio": Told("portfolio", renamed=STATUS),
    "portfolios.AccountType": Told("account-type"),
    "portfolios.Account": Told(
        "account", renamed=STATUS | {"is_blocked": "blocked", "parent_id": "parentAccountId"}
    ),
    "segments.Segment": Told(
        "segment",
        quiet=("member_count", "refreshed_at", "refreshed_version_id"),
        renamed=STATUS | {"version_id": "definition"},
    ),
    "segments.AccountMembership": Told(
        event="account.updated",
        key="account_id",
        fields={"segment_id": "segmentId"},
        where="is_assigned",
        on=("INSERT", "DELETE"),
    ),
    "balances.Balance": Told(event="balance.changed", values=("account_id", "asset_code")),
    "billing.Invoice": Told("invoice", values=("customer_id", "status")),
    "billing.PaymentMethod": Told("payment-method", values=("customer_id", "type", "status"), on=ALSO_GO),
    "billing.Connector": Told("connector"),
    "billing.ConnectorLink": Told(
        "connector-link", values=("customer_id", "connector_id", "connection"), on=ALSO_GO
    ),
    "billing.Contact": Told("contact", values=("customer_id",), on=ALSO_GO),
    "billing.Consent": Told(
        "consent",
        quiet=("noted_by_id",),
        values=("customer_id", "channel", "purpose", "is_given", "said_at"),
        on=ALSO_GO,
    ),
    "billing.Monitor": Told(
        "monitor", quiet=("created_by_id", "evaluated_at", "asked", "seconds", "holding", "known", "fault")
    ),
    # What an account has in its default one is not kept there: the event of its balance tells it.
    "balances.Pocket": Told(
        event="balance.changed",
        fields={"ledger": "ledger", "on_hold": "onHold"},
        values=("account_id", "key"),
        amounts=("on_hold",),
    ),
}


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Have the triggers stand as TOLD says now: the tables at which they did not. Called as the tables' owner."""
    standing = _standing(connection)
    wanted = {}
    for label, told in TOLD.items():
        model = apps.get_model(label)
        for operation in told.on:
            name = (str(model._meta.db_table), f"tell_{operation.lower()}")
            wanted[name] = (f"tell('{told.told(model)}')", operation)
    lacking = [name for name, (call, _) in wanted.items() if standing.get(name) != call]
    gone = [name for name in standing if name not in wanted]
    with connection.cursor() as cursor:
        for table, trigger in gone:
            cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
        for table, trigger in lacking:
            call, operation = wanted[table, trigger]
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {trigger} AFTER {operation} ON {table} {TRANSITION[operation]}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {call}"
            )
    return sorted({table for table, _ in [*gone, *lacking]})


def _standing(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    """By table and trigger: the function as it is called."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE p.proname = 'tell' AND t.tgenabled = 'O' AND c.relnamespace = current_schema()::regnamespace
            """
        )
        rows: list[Any] = cursor.fetchall()
        return {(table, name): written.partition("EXECUTE FUNCTION ")[2] for table, name, written in rows}
