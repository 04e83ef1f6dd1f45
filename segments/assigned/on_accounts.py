"""The segment that an account carries: a field of the account's form, and a column of the list of accounts."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Prefetch

from console.columns import Column
from console.keeping import Refusal
from console.organizations.models import Organization
from console.picking import PickField
from console.portfolios.columns import Added
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


def _column(organization: Organization) -> Column:
    """The segment by name, with its page."""

    def carried(account: Any) -> list[tuple[str, str]]:
        return [
            (one.segment.name, organization.url("segments:segment_detail", one.segment_id))
            for one in account.carried
        ]

    return Column("segment", "Segment", carried, "links")


def _prefetch(organization: Organization) -> "Prefetch[Any]":
    """One look-up for a whole page, by the index of assigned memberships."""
    tags = organization.account_memberships.filter(is_assigned=True).select_related("segment")
    named = tags.only("account", "segment__name", "organization")
    return Prefetch("memberships", named, to_attr="carried")


CARRIED = Added(_column, _prefetch)
