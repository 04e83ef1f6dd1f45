"""Links: a customer on a connector."""

from functools import cached_property
from typing import Any

from django import forms

from console.billing import keeping
from console.billing.forms.of_customer import OfCustomer, called, whose
from console.billing.models import ConnectorLink
from console.customers.masking import sight_of
from console.editing import Changed, Gone
from console.picking import PickField, Source


class LinkForm(OfCustomer):
    """Under which id a customer is known there, and whether the two are connected. Who and where stay."""

    whose = whose()
    system = PickField(label="Connector", find="Find a connector", none="None yet", required=True)
    reference = forms.CharField(
        label="External id",
        max_length=200,
        required=False,
        help_text="The customer’s id over there, such as cus_0042. No other customer has it on this connector.",
    )
    connection = forms.ChoiceField(
        choices=ConnectorLink.Connection,
        help_text="Not linked any more: the id stays and says who it was.",
    )

    def offer(self) -> None:
        if self.record.customer_id:
            del self.fields["whose"]
        else:
            super().offer()
        if self.record.connector_id:
            del self.fields["system"]
        else:
            connectors = self.request.organization.connectors.order_by("name", "pk")
            self.offers("system", Source(connectors, lambda rows, words: rows.filter(name__icontains=words)))

    def put(self) -> None:
        said = self.cleaned_data
        self.record.customer = said.get("whose") or self.record.customer
        self.record.connector = said.get("system") or self.record.connector
        self.record.reference, self.record.connection = said["reference"], said["connection"]

    @property
    def locked(self) -> list[tuple[str, Any]]:
        """Who and where, once they are known."""
        where = [("Connector", self.record.connector.name)] if self.record.connector_id else []
        return [*(self._customer() if self.record.customer_id else []), *where]

    def _customer(self) -> list[tuple[str, Any]]:
        return [("Customer", called(self.record.customer, sight_of(self.request.staff)))]

    @cached_property
    def seen(self) -> str:
        """What the form was drawn from: a link has no time of its last change."""
        return str(self.data.get("seen", "") or _stands(self.record))

    def hold(self) -> None:
        """After its customer and its connector. Raises Gone, Changed and ConnectorGone."""
        seen = self.seen
        if self.is_new:
            return
        keeping.hold_customer(self.record)
        keeping.hold_connector(self.record.connector)
        rows = ConnectorLink.objects.select_for_update(of=("self",), no_key=True)
        present = rows.filter(pk=self.record.pk).first()
        if present is None:
            raise Gone(
                "Somebody removed it meanwhile. Copy what you need from here: it can’t be saved any more."
            )
        if _stands(present) != seen:
            self.seen = _stands(present)
            raise Changed(
                f"Somebody changed it while you were editing: {self.seen}. "
                "Save again to put what stands here in its place, or open it anew to see theirs."
            )

    def keep(self) -> None:
        if self.is_new:
            keeping.add_link(self.record)
        else:
            keeping.keep_link(self.record)


def _stands(link: ConnectorLink) -> str:
    """Such as “linked, cus_0042”; "" for a new one."""
    if link._state.adding:
        return ""
    return ", ".join(filter(None, (str(link.get_connection_display()).lower(), link.reference)))
