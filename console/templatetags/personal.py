"""What names a person, as whoever looks may read it. A page that reveals more gives its own `sight`."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join

from console.customers.masking import MASKED, Sight, sight_of

register = template.Library()
SHOWN = 2


def sight_in(context: Context) -> Sight:
    """The sight of the page's reader; masked where nobody is known."""
    given = context.get("sight")
    if isinstance(given, Sight):
        return given
    staff = getattr(getattr(context, "request", None), "staff", None)
    return sight_of(staff) if staff else MASKED


@register.simple_tag(takes_context=True)
def named(context: Context, row: Any) -> str:
    """{% named customer %}: the name of a customer or an account, masked where it must be, else its external id."""
    return sight_in(context).name(row)


@register.simple_tag(takes_context=True)
def named_alone(context: Context, name: str | None) -> str:
    """{% named_alone account.name %}: a name without its row; nothing where there is none."""
    return sight_in(context).name_alone(name)


@register.simple_tag(takes_context=True)
def emailed(context: Context, address: str) -> str:
    """{% emailed address %}: an email address."""
    return sight_in(context).email(address)


@register.simple_tag(takes_context=True)
def booked(context: Context, text: str) -> str:
    """{% booked text %}: what a booking says, its account numbers masked where they must be."""
    return sight_in(context).text(text)


@register.simple_tag(takes_context=True)
def booked_as(context: Context, item: Any) -> str:
    """{% booked_as item %}: what an item says of itself; of one that says nothing, which way its money went."""
    if said := item.description or item.purpose or item.operation:
        return sight_in(context).text(said)
    way = "in" if item.direction == item.Direction.CREDIT else "out"
    if item.line_id:
        return f"Transfer {way}"
    return format_html('Payment {} <span class="hint mono">{}</span>', way, item.external_id)


@register.simple_tag(takes_context=True)
def counterparty(context: Context, item: Any) -> str:
    """{% counterparty item %}: who a booking was with; customers of the bank masked where they must be.

    Where nobody is named, the accounts on its other side in the journal.
    """
    if named := sight_in(context).party(item.counterparty, is_customer=item.is_with_customer):
        return named
    accounts = item.other_side()
    links = [_account_link(context, account) for account in accounts[:SHOWN]]
    more = f", and {len(accounts) - SHOWN} more" if len(accounts) > SHOWN else ""
    return format_html("{}{}", format_html_join(", ", "{}", ((link,) for link in links)), more) or "–"


def _account_link(context: Context, account: Any) -> str:
    if account.type == account.EXTERNAL:
        return "The world outside"
    url = context["organization"].url("portfolios:account_detail", account.pk)
    return format_html('<a href="{}">{}</a>', url, account)


@register.simple_tag(takes_context=True)
def is_masked(context: Context) -> bool:
    """{% is_masked as masked %}: whether the reader sees personal data masked."""
    return not sight_in(context).is_clear
