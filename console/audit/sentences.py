"""The sentences of the audit trail: by model, for a row that came or went and for a column that became something.

In them {this} is the row itself, {whole} the thing on whose page it belongs, {of} " of somebody" where that is not who
did it, {whose} "their own" or "somebody’s", and a column, or {column_before}, its value in words.
"""

from typing import Any

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
    "billing.Invoice": "Entered invoice {this}",
    "billing.PaymentMethod": "Entered payment method {this}",
    "billing.Connector": "Added connector {this}",
    "billing.ConnectorLink": "Linked customer {whole} on {connector_id}",
    "billing.Contact": "Added a contact of customer {whole}",
    "billing.Consent": {
        True: "Noted that customer {whole} agrees: {purpose}, {channel}",
        "": "Noted that customer {whole} declines: {purpose}, {channel}",
    },
    "billing.Monitor": "Set up monitor {this}",
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
    "billing.Consent": "is_given",
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
    "billing.ConnectorLink": "Removed the link of customer {whole} on {connector_id}",
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
    "customers.Attribute": {
        "deleted_at": {SET: "Deleted the attribute {this}"},
        "is_filtered_often": {
            True: "Marked the attribute {this} as filtered often",
            False: "Marked the attribute {this} as filtered seldom",
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
    "billing.Invoice": {
        "status": {
            "approved": "Approved invoice {this}",
            "edited": "Changed invoice {this}, which was approved",
            "partially_paid": "Noted a payment of invoice {this}: {amount_due} is still due",
            "paid": "Noted that invoice {this} is paid",
            "void": "Voided invoice {this}",
            "discarded": "Discarded invoice {this}",
        },
        "amount_due": {SET: "Noted a payment of invoice {this}"},
    },
    "billing.PaymentMethod": {
        "deleted_at": {SET: "Took off payment method {this}"},
        "is_default": {True: "Made {this} the default payment method"},
    },
    "billing.Connector": {"deleted_at": {SET: "Deleted connector {this}"}},
    "billing.ConnectorLink": {
        "connection": {
            "linked": "Linked customer {whole} on {connector_id} again",
            "not linked": "Unlinked customer {whole} on {connector_id}",
        }
    },
    "billing.Contact": {"deleted_at": {SET: "Took off a contact of customer {whole}"}},
    "billing.Consent": {
        "is_given": {
            True: "Noted that customer {whole} agrees anew",
            False: "Noted that customer {whole} declines from now on",
        }
    },
    "billing.Monitor": {"deleted_at": {SET: "Deleted monitor {this}"}},
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
