"""The segment that an account carries, as a field of the account's form."""

from datetime import datetime
from typing import Any

from django import forms

from console.keeping import Refusal
from console.picking import PickField
from console.portfolios.forms import Extra
from console.portfolios.models import Account
from segments.assigned.assigning import CantCarry, assign, tags
from segments.choosing import among
from segments.models import Segment


class NoTag(Refusal):
    """The segment can't be carried any more."""

    field = "segment"


def _field(account: Account) -> forms.Field:
    """The assigned segments of the account's ledger, and those of the whole organization."""
    field = PickField(
        label="Segment",
        find="Find an assigned segment",
        none="In no assigned segment",
        help_text="An account carries one.",
    )
    field.widget.source = among(tags(account.organization, account.ledger))
    return field


def _now(account: Account) -> Any:
    if account._state.adding:
        return None
    return account.memberships.filter(is_assigned=True).values_list("segment", flat=True).first()


def _keep(account: Account, segment: Segment | None, at: datetime) -> None:
    try:
        assign(account.organization, Account.objects.filter(pk=account.pk), segment, at=at)
    except CantCarry as refusal:
        raise NoTag(str(refusal)) from refusal


TAG = Extra(_field, _now, _keep)
