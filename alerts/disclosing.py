"""What alerts and banners add to the data that is handed over to a customer."""

from console.customers.disclosing import Rows, Section
from console.customers.models import Customer


def alerts(customer: Customer) -> Rows:
    held = customer.holdings.values("account")
    found = customer.organization.alerts.filter(account__in=held).select_related("account", "campaign")
    for alert in found.order_by("-fired_at", "-pk").iterator(chunk_size=500):
        yield {
            "fired_at": alert.fired_at,
            "account": alert.account.external_id,
            "campaign": alert.campaign.name,
            "value": alert.value,
            "threshold": alert.threshold,
            "currency": alert.currency,
            "state": alert.get_state_display(),
            "evidence": alert.evidence,
        }


def banners(customer: Customer) -> Rows:
    shown = customer.impressions.select_related("banner").order_by("-served_at", "-pk")
    for one in shown.iterator(chunk_size=500):
        yield {
            "served_at": one.served_at,
            "banner": one.banner.title,
            "text": one.banner.text,
            "clicked_at": one.clicked_at,
        }


SECTIONS = [
    Section(
        "alerts",
        "Alerts on your accounts",
        (
            ("fired_at", "When"),
            ("account", "Account"),
            ("campaign", "Campaign"),
            ("value", "Balance"),
            ("currency", "Currency"),
            ("state", "State"),
        ),
        alerts,
    ),
    Section(
        "banners",
        "Banners you were shown",
        (("served_at", "When"), ("banner", "Title"), ("text", "Text"), ("clicked_at", "Pressed")),
        banners,
    ),
]
