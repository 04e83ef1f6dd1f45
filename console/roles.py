"""Who may do what, as a page: the policy table of console/organizations/access.py in words."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.organizations.access import POLICY, StaffRequest, allowed
from console.organizations.models import Role

# What each permission lets a person do, by the part of the console where it is done.
WORDS: dict[str, dict[str, str]] = {
    "Everywhere": {
        "view": "See segments, accounts, communications, campaigns and figures",
    },
    "Customers": {
        "personal.view": "Read names, addresses and phone numbers as they are",
        "personal.reveal": "Open masked parts of one customer, for a reason that is kept",
        "customers.export": "Take lists of customers out as files",
    },
    "Segments": {"segments.edit": "Write, refresh and archive segments"},
    "Communications": {
        "communications.edit": "Write communications, templates and endpoints",
        "communications.send": "Send, and decide on uncertain messages",
    },
    "Alerts and campaigns": {
        "campaigns.edit": "Write campaigns and banners; pause, end, withdraw",
        "campaigns.approve": "Approve banners",
        "alerts.work": "Take, snooze and close alerts",
    },
    "Control": {
        "imports.run": "Import files, and mend what was refused",
        "keys.manage": "Make, rotate and revoke keys of the API",
        "settings": "Change the organization’s settings",
    },
}


@require_safe
@allowed("view")
def roles(request: StaffRequest) -> HttpResponse:
    """Every permission beside every role; the reader's own role stands out."""
    groups = [
        (heading, [_line(permission, words) for permission, words in lines.items()])
        for heading, lines in WORDS.items()
    ]
    context: dict[str, Any] = {"groups": groups, "roles": Role.choices, "own": request.staff.role}
    return render(request, "roles.html", context)


def _line(permission: str, words: str) -> dict[str, Any]:
    return {
        "words": words,
        "permission": permission,
        "cells": [(value, value in POLICY[permission]) for value in Role.values],
    }
