"""An event in words: who did it, what happened, and where."""

from typing import Any

from django.apps import apps
from django.db.models import UUIDField
from django.urls import resolve

from console.audit.deeds import told
from console.audit.fields import Names, fits, speaks
from console.organizations.access import may
from console.organizations.models import AuditEvent, SignInEvent, Staff

TITLES = {
    "usersessions.UserSession": "session",
    "mfa.Authenticator": "sign-in method",
    "account.EmailAddress": "email address",
    "organizations.User": "person",
    "organizations.SignInEvent": "try to sign in",
    "organizations.Staff": "access",
    "organizations.ApiKey": "API key",
    "customers.Download": "export",
    "segments.SegmentVersion": "version of a segment",
    "segments.Run": "refresh",
    "segments.BulkRun": "change of many accounts",
    "communications.Configuration": "communication",
    "communications.ConfigurationVersion": "version of a communication",
    "communications.TemplateVersion": "version of a template",
    "communications.Run": "send",
    "communications.Decision": "decision on a message",
    "communications.EndpointSecret": "secret of an endpoint",
    "communications.Suppression": "end of email to an address",
    "organizations.Decision": "decision on an approval",
    "alerts.Trigger": "rule of a campaign",
    "imports.ImportRun": "import",
}
# Which clock, by the module of its tasks. What has no module is a command, by its name.
CLOCKS = {
    "console.imports.tasks": "imports",
    "console.organizations.tasks": "housekeeping",
    "console.billing.tasks": "monitors",
    "segments.tasks": "segments and changes of many accounts",
    "communications.tasks": "sending",
    "alerts.tasks": "watching balances",
}
FAILED = {SignInEvent.What.PASSWORD, SignInEvent.What.CODE, SignInEvent.What.LOCKED}


def kind_of(label: str) -> str:
    """What people call a model: campaign, API key."""
    return TITLES.get(label) or str(apps.get_model(label)._meta.verbose_name)


def title_of(label: str) -> str:
    """The same at the beginning of a line."""
    kind = kind_of(label)
    return kind[:1].upper() + kind[1:]


def who(event: AuditEvent) -> str:
    """The person, key, schedule or command that did it. Who failed to sign in has not shown to be that person."""
    if event.staff or event.user:
        name = str(event.staff or event.user)
        is_proved = event.changes.get("what", ["", ""])[1] not in FAILED
        return name if is_proved or event.model != "organizations.SignInEvent" else f"Somebody as {name}"
    if event.user_id:
        return "A person who is gone"
    if event.key_id:
        return f"Key “{event.key.name}”" if event.key else "A key that is gone"
    if event.task:
        module, _, name = event.task.rpartition(".")
        return f"Schedule: {CLOCKS.get(module, name)}" if module else f"Command: {name}"
    return "Somebody not signed in" if event.request else f"At the database, as {event.login}"


def what(event: AuditEvent, names: Names) -> str:
    """What happened, in one sentence without its subject."""
    return told(event, names, kind_of(event.model))


def thing(event: AuditEvent, reader: Staff, names: Names) -> tuple[str, str]:
    """The object on whose page it belongs, in words, and that page's address; "" where the reader may not go there."""
    name = (
        event.name if event.model == event.whole and event.name else names.name(event.whole, event.whole_id)
    )
    kind = title_of("organizations.User" if event.whole == "organizations.Staff" else event.whole)
    # What happened says the title of an approval, which is long.
    is_named = speaks(event.whole) and event.whole != "organizations.Approval"
    return f"{kind} {name}" if is_named else kind, page_of(event, reader, names)


def page_of(event: AuditEvent, reader: Staff, names: Names) -> str:
    """The address of that object's page; "" where it is gone, has none, or the reader may not go there."""
    model = apps.get_model(event.whole)
    if event.whole in ("organizations.User", "organizations.Staff"):
        staff: Any = names.rows.get((event.whole, event.whole_id))
        user = event.whole_id if event.whole == "organizations.User" else getattr(staff, "user_id", None)
        return (
            reader.organization.url("staff:staff_detail", user) if user and may(reader, "staff.view") else ""
        )
    if event.whole == "organizations.Organization":
        return reader.organization.get_absolute_url()
    is_gone = event.action == "deleted" and event.model == event.whole
    if (
        is_gone
        or not fits(model, event.whole_id)
        or not isinstance(model._meta.pk, UUIDField)
        or not hasattr(model, "get_absolute_url")
    ):
        return ""
    url = str(model(pk=event.whole_id, organization=reader.organization).get_absolute_url())
    return url if may(reader, vars(resolve(url).func).get("permission", "view")) else ""
