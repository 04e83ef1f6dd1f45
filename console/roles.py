"""Who may do what, as a page: the policy table of console/organizations/access.py in words."""

from collections.abc import Set
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.organizations.access import FRESH, POLICY, StaffRequest, allowed
from console.organizations.models import PASSKEY_ROLES, Role

# What each permission lets a person do, by the part of the console where it is done.
WORDS: dict[str, dict[str, str]] = {
    "Everywhere": {
        "view": "See segments, accounts, communications, campaigns and figures",
    },
    "Customers": {
        "personal.view": "Read names, addresses and phone numbers as they are",
        "personal.reveal": "Open masked parts of one customer, for a reason that is kept",
        "customers.export": "Take lists of customers out as files",
        "customers.disclose": "Hand over what is known of one customer, as a file for them",
        "customers.erase": "Erase a customer; the books stay",
    },
    "The record": {
        "record.edit": "Create, change and delete ledgers, assets, portfolios, account types and accounts; "
        "tag, move and block many accounts at once",
        "attributes.edit": "Declare data of the bank’s own, and which of it segments ask for often",
    },
    "Billing": {
        "billing.edit": "Write invoices and note payments; keep payment methods, connectors, contacts and consents",
        "monitors.edit": "Set up monitors over balances, invoices and transactions",
    },
    "Segments": {"segments.edit": "Write, refresh and archive segments"},
    "Communications": {
        "communications.edit": "Write communications, templates and endpoints",
        "communications.send": "Send, and decide on uncertain messages",
    },
    "Alerts and campaigns": {
        "campaigns.edit": "Write campaigns and banners; pause, end, withdraw",
        "alerts.work": "Take, snooze and close alerts",
    },
    "Control": {
        "approvals.decide": "Approve or reject what somebody else asked for",
        "staff.view": "See who works here, and who is invited",
        "staff.manage": "Invite people, change roles, end somebody’s access",
        "imports.run": "Import files of what they may edit, and mend what was refused",
        "keys.view": "See the keys of the API and when they were used",
        "keys.manage": "Make, rotate and revoke keys of the API",
        "audit.view": "Read the audit trail: who changed what, when and from where",
        "audit.export": "Take the audit trail out as a file",
        "settings": "Change the organization’s settings",
        "organizations.found": "Make a further organization, and be its admin",
    },
}


@require_safe
@allowed("view")
def roles(request: StaffRequest) -> HttpResponse:
    """Every permission beside every role; the reader's own role stands out."""
    own = request.staff.role
    groups = [
        (heading, [_line(words, POLICY[permission], own, permission) for permission, words in lines.items()])
        for heading, lines in WORDS.items()
    ]
    groups.append(("Signing in", [_line("Proves with a passkey who they are", PASSKEY_ROLES, own)]))
    heads = [(label, value == own) for value, label in Role.choices]
    return render(request, "roles.html", {"groups": groups, "heads": heads})


def permitted(role: str) -> list[str]:
    """What a role lets a person do, in words."""
    lines = [line for part in WORDS.values() for line in part.items()]
    return [words for permission, words in lines if role in POLICY[permission]]


def _line(words: str, granted: Set[str], own: str, permission: str = "") -> dict[str, Any]:
    cells = [{"role": value, "is_granted": value in granted, "is_own": value == own} for value in Role.values]
    return {"words": words, "permission": permission, "is_fresh": permission in FRESH, "cells": cells}
