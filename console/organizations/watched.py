"""Which tables the audit trail watches, what of them it hides, and which it leaves to a story of their own: all of it.

A watched table has the trigger `audit`. `manage.py migrate` makes it as this list says (the migrations called `watched`
are from before it did), and a test holds the list against the models.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Watched:
    """How one table is watched, by its columns.

    name: what the row is called, where that says nothing of a customer. whole: the object on whose page it belongs, as
    (model, column with its id). organization: the column with whose it is; or `through`, a (table, column) to look it
    up in; or `user`, a column with a user's id: then every organization where that person works gets the event.
    left_out: what changes by itself all day, no event alone. hidden: written as "there was a value", never as it is;
    or `shown`, where everything else is. is_bulk: tasks write it by the thousand (a load, a refresh) and leave their
    own row that says so, so here it is written only what a person, a key or somebody at the database did.
    """

    name: str = ""
    whole: tuple[str, str] | None = None
    organization: str = "organization_id"
    through: tuple[str, str] | None = None
    user: str = ""
    left_out: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    shown: tuple[str, ...] | None = None
    is_bulk: bool = False

    def told(self, label: str) -> str:
        """What the trigger is told, as JSON without what is usual."""
        said: dict[str, Any] = {"model": label}
        usual = Watched()
        for field in ("name", "whole", "organization", "through", "user", "left_out", "hidden", "shown"):
            value = getattr(self, field)
            if value != getattr(usual, field):
                said[field] = list(value) if isinstance(value, tuple) else value
        return json.dumps(said)


WATCHED: dict[str, Watched] = {
    "organizations.Organization": Watched(name="name", organization="id", left_out=("updated_at",)),
    "organizations.User": Watched(
        user="id", left_out=("last_login", "theme"), shown=("is_active", "is_staff", "is_superuser")
    ),
    "organizations.Staff": Watched(),
    "organizations.ApiKey": Watched(
        name="name", hidden=("digest",), left_out=("last_used_at", "last_used_from")
    ),
    "organizations.Invitation": Watched(hidden=("email", "digest")),
    "organizations.Approval": Watched(name="title", left_out=("announced_at", "told_at")),
    "organizations.Decision": Watched(whole=("organizations.Approval", "approval_id")),
    "account.EmailAddress": Watched(
        user="user_id", whole=("organizations.User", "user_id"), shown=("verified", "primary")
    ),
    "mfa.Authenticator": Watched(
        user="user_id",
        whole=("organizations.User", "user_id"),
        left_out=("data", "last_used_at"),
        shown=("type",),
    ),
    "usersessions.UserSession": Watched(
        user="user_id",
        whole=("organizations.User", "user_id"),
        left_out=("session_key", "last_seen_at", "ip", "user_agent", "data"),
        shown=(),
    ),
    "organizations.SignInEvent": Watched(user="user_id", whole=("organizations.User", "user_id")),
    "customers.Customer": Watched(
        shown=("kind", "communications_enabled", "profiling_objected_at", "erased_at"), is_bulk=True
    ),
    "customers.Attribute": Watched(name="key", left_out=("updated_at", "index_failed_at", "index_fault")),
    "customers.Download": Watched(whole=("organizations.Approval", "approval_id")),
    "customers.Reveal": Watched(whole=("customers.Customer", "customer_id")),
    "customers.Erasure": Watched(whole=("customers.Customer", "customer_id"), hidden=("external_id_hash",)),
    "ledgers.Ledger": Watched(name="name", left_out=("updated_at",)),
    "ledgers.Asset": Watched(name="code", whole=("ledgers.Ledger", "ledger_id"), left_out=("updated_at",)),
    "portfolios.Portfolio": Watched(
        shown=("ledger_id", "status", "deleted_at"), left_out=("updated_at",), is_bulk=True
    ),
    "portfolios.AccountType": Watched(
        name="name", whole=("ledgers.Ledger", "ledger_id"), left_out=("updated_at",)
    ),
    "portfolios.Account": Watched(
        shown=(
            "ledger_id",
            "portfolio_id",
            "parent_id",
            "type",
            "asset_code",
            "status",
            "is_blocked",
            "has_overdraft_protection",
            "opened_on",
            "deleted_at",
        ),
        left_out=("updated_at",),
        is_bulk=True,
    ),
    "portfolios.AccountHolder": Watched(whole=("portfolios.Account", "account_id"), is_bulk=True),
    "balances.JournalEntry": Watched(
        left_out=("updated_at", "recipients"),
        shown=("ledger_id", "status", "asset_code", "amount", "parent_id", "created_at"),
    ),
    "balances.Pocket": Watched(
        whole=("portfolios.Account", "account_id"),
        left_out=("ledger", "on_hold", "items", "changes", "updated_at"),
    ),
    "billing.Invoice": Watched(
        name="number",
        shown=(
            *("customer_id", "external_id", "number", "status", "currency", "total", "amount_due"),
            *("period_start", "period_end", "issued_on", "due_on", "promise_due_on"),
        ),
        left_out=("updated_at",),
        is_bulk=True,
    ),
    "billing.PaymentMethod": Watched(
        name="external_id",
        shown=(
            *("customer_id", "type", "status", "connector_id", "is_default", "country", "expires_on"),
            "deleted_at",
        ),
        left_out=("updated_at",),
        is_bulk=True,
    ),
    "billing.Connector": Watched(name="name", left_out=("updated_at",)),
    "billing.ConnectorLink": Watched(
        whole=("customers.Customer", "customer_id"),
        hidden=("reference",),
        left_out=("synced_at",),
        is_bulk=True,
    ),
    "billing.Contact": Watched(
        whole=("customers.Customer", "customer_id"),
        shown=("customer_id", "send_invoice", "deleted_at"),
        left_out=("updated_at",),
        is_bulk=True,
    ),
    "billing.Consent": Watched(whole=("customers.Customer", "customer_id"), is_bulk=True),
    "billing.Monitor": Watched(
        name="name",
        left_out=("updated_at", "evaluated_at", "asked", "seconds", "holding", "known", "fault"),
    ),
    "imports.ImportRun": Watched(
        name="name",
        left_out=("heartbeat_at", "byte", "line", "rows", "new", "updated", "unchanged", "rejected"),
    ),
    "segments.Segment": Watched(
        name="name", left_out=("member_count", "refreshed_at", "refreshed_version_id", "updated_at")
    ),
    "segments.SegmentVersion": Watched(
        whole=("segments.Segment", "segment_id"), through=("segments_segment", "segment_id")
    ),
    "segments.Run": Watched(whole=("segments.Segment", "segment_id"), is_bulk=True),
    "segments.BulkRun": Watched(
        hidden=("chosen",),
        left_out=("heartbeat_at", "place", "changed", "unchanged", "refused", "is_forgotten"),
    ),
    "communications.Template": Watched(name="name"),
    "communications.TemplateVersion": Watched(
        whole=("communications.Template", "template_id"), through=("communications_template", "template_id")
    ),
    "communications.Endpoint": Watched(name="name", left_out=("failing_since",)),
    "communications.EndpointSecret": Watched(
        whole=("communications.Endpoint", "endpoint_id"),
        through=("communications_endpoint", "endpoint_id"),
        hidden=("sealed",),
    ),
    "communications.Configuration": Watched(name="name"),
    "communications.ConfigurationVersion": Watched(
        whole=("communications.Configuration", "configuration_id"),
        through=("communications_configuration", "configuration_id"),
    ),
    "communications.Run": Watched(whole=("communications.Configuration", "configuration_id")),
    "communications.Decision": Watched(
        whole=("communications.Message", "message_id"), through=("communications_message", "message_id")
    ),
    "communications.Suppression": Watched(hidden=("address_hash",)),
    "alerts.Campaign": Watched(name="name", left_out=("swept_at", "swept_on", "members_as_of")),
    "alerts.Trigger": Watched(whole=("alerts.Campaign", "campaign_id")),
    "alerts.Banner": Watched(name="title", whole=("alerts.Campaign", "campaign_id")),
    "alerts.Alert": Watched(
        shown=("campaign_id", "account_id", "state", "assigned_to_id", "snoozed_until", "ended_at"),
        is_bulk=True,
    ),
}

LEFT_OUT: dict[str, str] = {
    "organizations.AuditEvent": "The trail itself: no row of it ever changes.",
    "organizations.IdempotencyKey": "What a request was answered, for some minutes; what it did is watched.",
    "portfolios.AccountMilestone": "Follows from the accounts.",
    "balances.Transaction": "Posted once and never changed; the import that brought it is one event.",
    "balances.JournalLine": "Part of its entry, which is watched.",
    "balances.Income": "A view of transactions.",
    "balances.DailyBalance": "Follows from the transactions.",
    "balances.Balance": "Follows from the transactions.",
    "balances.Movement": "A queue that alerts drain.",
    "billing.InvoiceEvent": "Says of an invoice what its own changes say, beside them.",
    "billing.MonitorReading": "Follows from the books; written anew by each evaluation.",
    "imports.RunEvent": "Says of a run what the run's own changes say.",
    "imports.RejectedRow": "Part of the run's report; the run is watched.",
    "imports.SeenKey": "Scratch of a running import.",
    "segments.BulkItem": "Whom a change of many accounts is for; the change is watched, each entry and exit a row.",
    "segments.Draft": "Nobody's but its writer's until it is saved as a version.",
    "segments.Freshness": "Follows from the rules and the clock; written anew by each refresh.",
    "segments.Touched": "Whom something concerns that a refresh has yet to look at; follows from what is written.",
    "segments.Favourite": "A bookmark of one person’s own; it changes nothing for anybody.",
    "segments.CustomerMembership": "Follows from the definition; each entry and exit is a row of its own.",
    "segments.AccountMembership": "Follows from the definition; each entry and exit is a row of its own.",
    "segments.MembershipEvent": "The story of membership, written by each refresh.",
    "communications.Transition": "Says of a communication or endpoint what its own changes say.",
    "communications.Message": "The outbox has its own books; what people decide about a message is watched.",
    "communications.RenderedCopy": "What a message said; it holds personal data and is written once.",
    "communications.Attempt": "The outbox's own story, one row a try.",
    "alerts.CampaignEvent": "Says of a campaign what its own changes say.",
    "alerts.AlertEvent": "The story of an alert; what people do to the alert is watched.",
    "alerts.AccountState": "Where the evaluation stands with an account; follows from its balance.",
    "alerts.Impression": "One row each time a banner was shown.",
    "account.EmailConfirmation": "Scratch of a letter that asks whether an address is right.",
    "admin.LogEntry": "The admin's own log; the rows that it changes are watched.",
    "auth.Group": "Not used: roles are rows of Staff.",
    "auth.Permission": "Made by migrations; not used.",
    "contenttypes.ContentType": "Made by migrations.",
    "sessions.Session": "Comes and goes with each sign-in.",
}

# Tasks name themselves in what console.postgres tells each transaction.
NOT_BY_TASKS = """ WHEN (coalesce(current_setting('tranche.actor', true), '') NOT LIKE '%"task":%')"""


def build(connection: BaseDatabaseWrapper) -> list[str]:
    """Have the triggers stand as WATCHED says now: the tables at which they did not. Called as the tables' owner."""
    wanted = {apps.get_model(label)._meta.db_table: watched for label, watched in WATCHED.items()}
    told = {apps.get_model(label)._meta.db_table: watched.told(label) for label, watched in WATCHED.items()}
    standing = _standing(connection)
    gone = sorted(set(standing) - set(wanted))
    lacking = [
        table
        for table, watched in wanted.items()
        if standing.get(table) != (f"audit('{told[table]}')", watched.is_bulk)
    ]
    with connection.cursor() as cursor:
        for table in gone:
            cursor.execute(f"DROP TRIGGER audit ON {table}")
        for table in lacking:
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW{NOT_BY_TASKS if wanted[table].is_bulk else ''}"
                f" EXECUTE FUNCTION audit('{told[table]}')"
            )
    return gone + lacking


def _standing(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, bool]]:
    """By table with the trigger: the function as it is called, and whether it passes by what tasks do."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, pg_get_triggerdef(t.oid), t.tgqual IS NOT NULL
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE t.tgname = 'audit' AND t.tgenabled = 'O' AND c.relnamespace = current_schema()::regnamespace
            """
        )
        return {
            table: (written.partition("EXECUTE FUNCTION ")[2], has_when)
            for table, written, has_when in cursor.fetchall()
        }
