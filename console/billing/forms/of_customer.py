"""A record of a customer: whose it is, chosen when it is new."""

from functools import partial
from typing import Any

from console.billing import keeping
from console.customers.masking import sight_of
from console.filters import is_uuid
from console.organizations.access import StaffRequest
from console.picking import PickField, Source
from console.sheets import RecordForm


class HeldAfterCustomer(RecordForm):
    """A form about a record of a customer, which is changed while nobody changes the customer."""

    def hold(self) -> None:
        """After the customer. Raises Gone and Changed."""
        if not self.is_new:
            keeping.hold_customer(self.record)
        super().hold()


class OfCustomer(HeldAfterCustomer):
    """A form about a record of a customer, who is chosen when it is new and stays."""

    def offer(self) -> None:
        organization, sight = self.request.organization, sight_of(self.request.staff)
        if not self.is_new:
            del self.fields["whose"]
            return
        people: Any = organization.customers.filter(erased_at=None).order_by("external_id")
        self.offers("whose", Source(people, partial(searched, sight=sight), lambda one: called(one, sight)))
        if self.record.customer_id:
            self.initial["whose"] = self.record.customer

    def put(self) -> None:
        if self.is_new:
            self.record.customer = self.cleaned_data["whose"]
        super().put()

    @property
    def locked(self) -> list[tuple[str, Any]]:
        """Whose it is, once it is there."""
        if self.is_new:
            return []
        return [("Customer", called(self.record.customer, sight_of(self.request.staff)))]


def asked_customer(request: StaffRequest) -> Any:
    """The customer that the address names; None for none, or one that is not here."""
    asked = request.GET.get("customer", "")
    return request.organization.customers.filter(pk=asked, erased_at=None).first() if is_uuid(asked) else None


def searched(rows: Any, words: str, sight: Any) -> Any:
    return rows.matching(words, sight)


def called(customer: Any, sight: Any) -> str:
    """A customer by name, as `sight` shows it, and id."""
    name = sight.name(customer)
    return name if name == customer.external_id else f"{name} · {customer.external_id}"


def whose() -> PickField:
    return PickField(
        label="Customer",
        find="Find a customer by name, email or external id",
        none="Nobody yet",
        required=True,
    )
