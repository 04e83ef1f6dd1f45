"""What an event was, as a bank would say it: one sentence without its subject. What has none is told by its fields.

In the sentences {this} is the row itself, {whole} the thing on whose page it belongs, {of} " of somebody" where that is
not who did it, {whose} "their own" or "somebody’s", and a column, or {column_before}, its value in words.
"""

from typing import Any

from console.audit.fields import LOOKED_UP, Names, lines
from console.organizations.models import AuditEvent

Sentences = dict[str, str | dict[Any, str]]
# A row came. By the value of a column where the sentence depends on it: CHOICES says which.
CAME: Sentences = {
    "organizations.Organization": "Created the organization {this}",
    "organizations.Staff": "Gave {user_id} access as {role}",
    "organizations.ApiKey": "Made the API key {this}",
    "organizations.Invitation": "Invited {this} as {role}",
    "organizations.Approval": "Asked for approval: {this}",
    "organizations.Decision": {"approved": "Approved {whole}", "rejected": "Rejected {whole}: {comment}"},
    "organizations.SignInEvent": {
        "password": "Failed to sign in: wrong password",
        "code": "Failed to sign in: wrong code",
        "locked": "Was locked out: too many tries failed",
        "out": "Signed out",
        "away": "Was signed out after being away",
    },
    "account.EmailAddress": "Added an email address{of}",
    "mfa.Authenticator": {
        "webauthn": "Added a passkey{of}",
        "totp": "Added an authenticator app{of}",
        "recovery_codes": "Made recovery codes{of}",
    },
    "usersessions.UserSession": "Signed in",
    "customers.Customer": "Entered customer {this}",
    "customers.Attribute": "Declared the attribute {this}",
    "customers.Reveal": {
        "": "Opened masked data of customer {whole}: {parts}. Why: {reason}",
        "json": "Handed over all data of customer {whole} as a JSON file",
        "pdf": "Handed over all data of customer {whole} as a PDF file",
    },
    "customers.Download": "Downloaded customers, {rows} in all: {whole}",
    "customers.Erasure": "Erased customer {whole}. Why: {reason}",
    "ledgers.Ledger": "Created ledger {this}",
    "ledgers.Asset": "Added asset {this} to ledger {whole}",
    "portfolios.AccountType": "Added account type {this} to ledger {whole}",
    "portfolios.Portfolio": "Created portfolio {this}",
    "portfolios.Account": "Opened account {this}",
    "portfolios.AccountHolder": "Added a holder to account {whole}",
    "segments.SegmentVersion": "Wrote version {number} of segment {whole}",
    "segments.Run": "Asked for a refresh of segment {whole}",
    "segments.BulkRun": "Chose accounts for a change of many: {this}",
    "communications.TemplateVersion": "Wrote version {number} of template {whole}",
    "communications.ConfigurationVersion": "Wrote version {number} of communication {whole}",
    "communications.EndpointSecret": "Made a secret for endpoint {whole}",
    "communications.Run": "Began to send {whole}",
    "communications.Decision": {
        "send_again": "Had a message sent again of which nobody knew whether it was sent",
        "sent": "Decided that a message was sent",
    },
    "communications.Suppression": "Ended email to an address: {reason}",
    "alerts.Trigger": "Set the rule of campaign {whole}: {kind} {threshold}",
    "alerts.Banner": "Prepared banner {this}",
    "imports.ImportRun": "Brought the file {this} for an import",
}
CHOICES = {
    "organizations.Decision": "verdict",
    "organizations.SignInEvent": "what",
    "mfa.Authenticator": "type",
    "customers.Reveal": "handed_over",
    "communications.Decision": "choice",
}
WENT: Sentences = {
    "account.EmailAddress": "Removed an email address{of}",
    "mfa.Authenticator": {
        "webauthn": "Removed a passkey{of}",
        "totp": "Removed the authenticator app{of}",
        "recovery_codes": "Removed recovery codes{of}",
    },
    "usersessions.UserSession": "Ended a session{of}",
    "portfolios.AccountHolder": "Removed a holder from account {whole}",
}
# A column became this. SET is any value that has no sentence of its own, EMPTY none.
SET, EMPTY = "set", "empty"
BECAME: dict[str, dict[str, dict[Any, str]]] = {
    "organizations.Staff": {
        "role": {SET: "Changed the role of {this} from {role_before} to {role}"},
        "ended_at": {SET: "Ended the access of {this}", EMPTY: "Let {this} in again"},
    },
    "organizations.User": {
        "password": {SET: "Set a new password{of}"},
        "is_active": {False: "Closed the account{of}", True: "Opened the account{of} again"},
        "name": {SET: "Changed {whose} name"},
    },
    "organizations.ApiKey": {"revoked_at": {SET: "Ended the API key {this}"}},
    "organizations.Invitation": {
        "accepted_at": {SET: "Accepted the invitation"},
        "withdrawn_at": {SET: "Withdrew the invitation of {this}"},
    },
    "organizations.Approval": {
        "state": {
            "approved": "Approved in full: {this}",
            "rejected": "Rejected: {this}",
            "void": "Made void: {this}. Why: {reason}",
            "expired": "Let expire, since nobody decided: {this}",
        }
    },
    "customers.Customer": {
        "erased_at": {SET: "Took away what named customer {this}"},
        "communications_enabled": {
            True: "Switched communications on for customer {this}",
            False: "Switched communications off for customer {this}",
        },
        "profiling_objected_at": {
            SET: "Noted that customer {this} objects to profiling",
            EMPTY: "Noted that customer {this} no longer objects to profiling",
        },
    },
    "ledgers.Ledger": {"deleted_at": {SET: "Deleted ledger {this}"}},
    "ledgers.Asset": {
        "deleted_at": {
            SET: "Deleted asset {this} of ledger {whole}",
            EMPTY: "Added asset {this} to ledger {whole} again",
        }
    },
    "portfolios.AccountType": {"deleted_at": {SET: "Deleted account type {this} of ledger {whole}"}},
    "portfolios.Portfolio": {"deleted_at": {SET: "Deleted portfolio {this}"}},
    "portfolios.Account": {"deleted_at": {SET: "Deleted account {this}"}},
    "segments.Segment": {
        "deleted_at": {SET: "Deleted segment {this}"},
        "archived_at": {SET: "Archived segment {this}", EMPTY: "Brought back segment {this}"},
        "version_id": {SET: "Put {version_id} of segment {this} in force"},
    },
    "segments.BulkRun": {
        "state": {
            "queued": "Started: {this}",
            "running": "Began: {this}",
            "done": "Finished: {this}: {outcome}",
            "failed": "Gave up: {this}: {outcome}. {error}",
            "cancelled": "Cancelled: {this}: {outcome}",
        }
    },
    "communications.Template": {"version_id": {SET: "Put in force {version_id}"}},
    "communications.Configuration": {
        "state": {"active": "Activated communication {this}", "paused": "Paused communication {this}"},
        "version_id": {SET: "Put in force {version_id}"},
    },
    "communications.Endpoint": {
        "is_enabled": {True: "Enabled endpoint {this}", False: "Disabled endpoint {this}"},
        "url": {SET: "Changed the address of endpoint {this} to {url}"},
    },
    "communications.Run": {"planned": {SET: "Planned {planned} messages of {whole}"}},
    "alerts.Campaign": {
        "state": {
            "active": "Activated campaign {this}",
            "paused": "Paused campaign {this}",
            "ended": "Ended campaign {this}",
        }
    },
    "alerts.Banner": {
        "withdrawn_at": {SET: "Withdrew banner {this}", EMPTY: "Showed banner {this} again"},
        "approval_id": {SET: "Began to show banner {this}"},
    },
    "alerts.Alert": {
        "state": {
            "snoozed": "Snoozed an alert until {snoozed_until}",
            "resolved": "Resolved an alert",
            "firing": "Woke an alert",
        },
        "assigned_to_id": {
            SET: "Gave an alert to {assigned_to_id}",
            EMPTY: "Took an alert from {assigned_to_id_before}",
        },
    },
    "imports.ImportRun": {
        "state": {
            "queued": "Started the import of {this}",
            "running": "Began to read {this}",
            "done": "Finished the import of {this}",
            "failed": "Gave up the import of {this}: {error}",
            "cancelled": "Cancelled the import of {this}",
        }
    },
}
PEOPLE = {"organizations.User", "organizations.Staff", "customers.Customer", "portfolios.Account"}


def sentence_of(event: AuditEvent) -> str:
    """The sentence with its gaps; "" where the event has none."""
    if event.action != "changed":
        told = (CAME if event.action == "created" else WENT).get(event.model, "")
        return told if isinstance(told, str) else told.get(value_of(event, CHOICES[event.model]) or "", "")
    is_more = (
        event.model == "customers.Customer" and len(event.changes) > 1 and "erased_at" not in event.changes
    )
    if is_more:  # what changed beside it counts as much
        return ""
    for column, sentences in BECAME.get(event.model, {}).items():
        if column in event.changes:
            after = value_of(event, column)
            key = after if isinstance(after, str | bool) and after in sentences else SET if after else EMPTY
            if key in sentences:
                return sentences[key]
    return ""


def is_joining(event: AuditEvent) -> bool:
    """Whether somebody's access is by their own hand: they accepted an invitation."""
    is_access = (event.model, event.action) == ("organizations.Staff", "created")
    return is_access and event.user_id is not None and value_of(event, "user_id") == str(event.user_id)


def value_of(event: AuditEvent, column: str) -> Any:
    """What a column became, or was when its row went."""
    before, after = event.changes.get(column, [None, None])
    return before if event.action == "deleted" else after


class Said(dict[str, str]):
    """What stands in the gaps of a sentence about one event."""

    def __init__(self, event: AuditEvent, names: Names) -> None:
        self.event, self.names = event, names

    def __missing__(self, gap: str) -> str:
        event, names = self.event, self.names
        if gap == "this":
            return called(event, names)
        if gap == "whole":
            name = names.name(event.whole, event.whole_id)
            return name if event.whole in PEOPLE else quoted(name)
        if gap == "of":
            is_own = event.whole_id == str(event.user_id)
            return "" if is_own else f" of {names.name(event.whole, event.whole_id)}"
        if gap == "whose":
            name = names.name(event.whole, event.whole_id)
            return "their own" if event.whole_id == str(event.user_id) else f"{name}’s"
        column = gap.removesuffix("_before")
        before, after = event.changes.get(column, [None, None])
        return names.written(event, column, before if gap != column or event.action == "deleted" else after)


def called(event: AuditEvent, names: Names) -> str:
    """The row of an event: by the name it had then, in quotation marks, or as it is called now."""
    if event.name:
        return quoted(event.name)
    return names.name(event.model, event.object_id) if event.model in LOOKED_UP else ""


def quoted(name: str) -> str:
    """In quotation marks; those inside become single ones."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def told(event: AuditEvent, names: Names, kind: str) -> str:
    """The event in one sentence; `kind` is what people call its model."""
    if is_joining(event):
        return f"Joined as {names.written(event, 'role', value_of(event, 'role'))}"
    if sentence := sentence_of(event):
        said = sentence.format_map(Said(event, names))
        return said.removesuffix(": ").removesuffix(" Why: ")
    named = called(event, names)
    if event.model != event.whole and not named:
        named = f"of {names.name(event.whole, event.whole_id)}"
    said = f"{event.get_action_display()} {kind} {named}".strip()
    if event.action != "changed":
        return said
    changed = lines(event, names)
    more = f" and {len(changed) - 2} more" if len(changed) > 2 else ""
    return f"{said}: {', '.join(line.words for line in changed[:2])}{more}" if changed else said
