"""Alerts on the pages of a customer and of an account: small pages, and the cards that those pages ask for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alerts.filtersets import listed_alerts
from alerts.words import badge_of
from console.organizations.access import StaffRequest, allowed
from console.portfolios.models import Account

LATEST = 20


@require_safe
@allowed("view")
def customer_alerts(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The latest alerts on the accounts that a customer holds, in any role."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    found = listed_alerts(request.organization).filter(account__holders__customer=customer)
    return _card(
        request, found, "customer-alerts", subject=customer, up="Customers", up_name="customers:customer_list"
    )


@require_safe
@allowed("view")
def account_alerts(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The latest alerts on an account."""
    account: Account = get_object_or_404(request.organization.accounts, pk=pk)
    found = listed_alerts(request.organization).filter(account=account)
    return _card(
        request, found, "account-alerts", subject=account, up="Accounts", up_name="portfolios:account_list"
    )


def _card(request: StaffRequest, found: Any, region: str, **context: Any) -> HttpResponse:
    rows = [(alert, *badge_of(alert, request.staff)) for alert in found.order_by("-fired_at", "-pk")[:LATEST]]
    part = "#card" if request.htmx.target == region else ""
    return render(request, f"alerts/record_alerts.html{part}", {"rows": rows, "region": region, **context})
