"""What stands around every page: the rail with its addresses, the organization, its local time, the person's theme."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from console.founding.steps import next_of, steps_of
from console.organizations.access import may
from console.organizations.models import Organization, Staff

GROUPS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("", [("Overview", "overview", "home"), ("Alerts", "alerts:alert_list", "bell")]),
    (
        "Who",
        [("Segments", "segments:segment_list", "segment"), ("Customers", "customers:customer_list", "users")],
    ),
    (
        "What they hold",
        [
            ("Accounts", "portfolios:account_list", "account"),
            ("Portfolios", "portfolios:portfolio_list", "portfolio"),
            ("Ledgers", "ledgers:ledger_list", "ledger"),
        ],
    ),
    (
        "What they owe",
        [
            ("Invoices", "billing:invoice_list", "text"),
            ("Payment methods", "billing:method_list", "bank"),
            ("Connectors", "billing:connector_list", "link"),
            ("Monitors", "billing:monitor_list", "eye"),
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
    (
        "Control",
        [
            ("Approvals", "approval_list", "approval"),
            ("Imports", "imports:run_list", "import"),
            ("Staff", "staff:staff_list", "user"),
            ("Audit trail", "audit:event_list", "list"),
            ("Settings", "settings", "settings"),
        ],
    ),
]


# What one needs for a page that is not for everybody here.
NEEDS = {"staff:staff_list": "staff.view", "audit:event_list": "audit.view"}
ACCOUNT = [
    ("Profile and password", "you", "user"),
    ("Passkeys and codes", "mfa_index", "fingerprint"),
    ("Where you are signed in", "usersessions_list", "list"),
    ("Back to work", "home", "left"),
]


# How many organizations the switcher shows before anybody searches.
FEW = 8
ADDRESS = re.compile(r"/o/([-\w]+)/")
# Pages of the apps above that are about one customer or account: they stand under those, whatever their address says.
OF_CUSTOMER = re.compile(r"(/o/[-\w]+/)(?:(?:segments|billing)/of|billing/(?:contacts|links))/")
OF_ACCOUNT = re.compile(r"(/o/[-\w]+/)segments/of-account/")


@dataclass(frozen=True)
class Section:
    """A page of the rail: what it is called there, its name in the code, and its address at an organization."""

    label: str
    name: str
    url: str


class Way(TypedDict):
    """An organization to go over to, in the section where one is."""

    name: str
    role: str
    url: str
    is_here: bool


class Item(TypedDict):
    """One line of the rail. `count` is how many wait there for a person."""

    label: str
    url: str
    icon: str
    is_current: bool
    count: int


def navigation(request: Any) -> dict[str, Any]:
    """Context of every page. Outside an organization (sign-in, errors) the rail is empty."""
    theme = getattr(getattr(request, "user", None), "theme", "")
    organization: Organization | None = getattr(request, "organization", None)
    staff: Staff | None = getattr(request, "staff", None)
    idle = settings.SESSION_IDLE_SECONDS
    if organization is None or staff is None:
        rail_of_account = account_rail(request.path)
        return {"organization": None, "navigation": rail_of_account, "theme": theme, "idle": idle}
    return {
        "organization": organization,
        "organizations": SimpleLazyObject(lambda: ways(request.user.places(limit=FEW), request.path)),
        "next_step": SimpleLazyObject(lambda: next_of(steps_of(organization, staff))),
        "section": SimpleLazyObject(lambda: section_at(request.path)),
        "staff": staff,
        "navigation": SimpleLazyObject(lambda: rail(staff, request.path)),
        "local_time": written(timezone.now().astimezone(organization.zone)),
        "search_url": organization.url("search"),
        "gallery_url": organization.url("gallery"),
        "theme": theme,
        "idle": idle,
    }


def section_at(path: str) -> Section | None:
    """The page of the rail to which the page at `path` belongs; None outside every organization."""
    here = ADDRESS.match(path)
    if here is None:
        return None
    entries = [entry for _, group in GROUPS for entry in group]
    known = [Section(label, name, reverse(name, args=(here[1],))) for label, name, _ in entries]
    under = [one for one in known if is_under(stands_at(path.partition("?")[0]), one.url)]
    return max(under, key=lambda one: len(one.url), default=known[0])


def ways(places: list[Staff], path: str) -> list[Way]:
    """The ways from the page at `path` to these organizations: to the same section, where the role there opens it."""
    section, here = section_at(path), ADDRESS.match(path)
    name = section.name if section else "overview"

    def way(staff: Staff) -> Way:
        there = staff.organization
        url = there.url(name if may(staff, NEEDS.get(name, "view")) else "overview")
        is_here = here is not None and here[1] == there.slug
        return Way(name=str(there), role=staff.get_role_display(), url=url, is_here=is_here)

    return [way(one) for one in places]


def rail(staff: Staff, path: str) -> list[dict[str, Any]]:
    """The groups of pages, the present one marked. Lazy, since parts of a page have no rail."""
    groups = [{"label": label, "items": _items(staff, entries)} for label, entries in GROUPS]
    return mark_current(groups, path)


def account_rail(path: str) -> list[dict[str, Any]]:
    """The pages of one's own account, which stand outside every organization."""
    if not path.startswith(reverse("you")):
        return []
    items = [
        Item(label=label, url=reverse(name), icon=icon, is_current=False, count=0)
        for label, name, icon in ACCOUNT
    ]
    return mark_current([{"label": "Your account", "items": items}], path)


def written(moment: datetime) -> str:
    """Sun 22 Nov 2026, 10:42: a moment in its own zone, as the top bar shows it."""
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"


def _items(staff: Staff, entries: list[tuple[str, str, str]]) -> list[Item]:
    return [
        Item(
            label=label,
            url=staff.organization.url(name),
            icon=icon,
            is_current=False,
            count=waiting(staff, name),
        )
        for label, name, icon in entries
        if may(staff, NEEDS.get(name, "view"))
    ]


def waiting(staff: Staff, name: str) -> int:
    """How many wait behind the page `name`: alerts that fire, approvals the person can decide on. 0 elsewhere."""
    if name == "alerts:alert_list":
        return staff.organization.alerts.filter(state="firing").count()
    if name == "approval_list" and may(staff, "approvals.decide"):
        found: int = staff.organization.approvals.waiting_for(staff, at=timezone.now()).count()
        return found
    return 0


def stands_at(path: str) -> str:
    """The address by which a page finds its place in the rail."""
    return OF_ACCOUNT.sub(r"\1accounts/", OF_CUSTOMER.sub(r"\1customers/", path))


def is_under(path: str, url: str) -> bool:
    """Whether a page belongs to the item at `url`; the overview, whose address begins every other, has itself only."""
    return path == url if re.fullmatch("/o/[^/]+/", url) else path.startswith(url)


def mark_current(groups: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    """Mark the one item whose address is the longest beginning of `path`."""
    items = [item for group in groups for item in group["items"] if is_under(stands_at(path), item["url"])]
    if items:
        max(items, key=lambda item: len(item["url"]))["is_current"] = True
    return groups
