"""What stands in the rail: only pages that exist, each with its address in the present organization."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

GROUPS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("", [("Overview", "overview", "home"), ("Alerts", "alerts:alert_list", "bell")]),
    ("Who", [("Segments", "segments:segment_list", "segments"), ("Customers", "customers:customer_list", "users")]),
    (
        "What they hold",
        [
            ("Accounts", "portfolios:account_list", "account"),
            ("Portfolios", "portfolios:portfolio_list", "folder"),
            ("Ledgers", "ledgers:ledger_list", "book"),
        ],
    ),
    (
        "What we say",
        [
            ("Communications", "communications:configuration_list", "mail"),
            ("Campaigns", "alerts:campaign_list", "campaign"),
            ("Templates", "communications:template_list", "template"),
        ],
    ),
    ("Control", [("Imports", "imports:run_list", "import"), ("Settings", "settings", "settings")]),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the organization, the person's staff row, their organizations, and the rail."""
    organization = getattr(request, "organization", None)
    if organization is None:
        return {"organization": None, "navigation": []}
    groups = [{"label": label, "items": [i for i in (_item(request, *e) for e in entries) if i]} for label, entries in GROUPS]
    return {
        "organization": organization,
        "staff": request.staff,
        "organizations": organization.__class__.objects.filter(staff__user=request.user),
        "navigation": [group for group in groups if group["items"]],
        
    }


def _item(request: HttpRequest, label: str, name: str, icon: str) -> dict[str, Any] | None:
    try:
        url = reverse(name, args=[request.organization.slug])
    except NoReverseMatch:
        return None
    is_current = request.path == url or (name != "overview" and request.path.startswith(url))
    return {"label": label, "url": url, "icon": icon, "is_current": is_current}
