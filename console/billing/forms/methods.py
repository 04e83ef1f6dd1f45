"""Payment methods."""

from django import forms
from django.utils import timezone

from console.billing import keeping
from console.billing.columns import method_words
from console.billing.forms.fields import day
from console.billing.forms.of_customer import OfCustomer, whose
from console.billing.models import PaymentMethod
from console.customers.masking import sight_of
from console.customers.models.customer import COUNTRY
from console.metadata import MetadataField
from console.picking import PickField, Source


class MethodForm(OfCustomer):
    """How a customer pays."""

    whose = whose()
    type = forms.ChoiceField(choices=PaymentMethod.Type)
    status = forms.ChoiceField(choices=PaymentMethod.Status)
    is_default = forms.BooleanField(label="The customer’s default", required=False)
    details = forms.CharField(
        max_length=100,
        required=False,
        help_text="What tells it apart, such as “Visa, ends in 4242”. Never a whole number.",
    )
    connector = PickField(find="Find a connector", none="Kept in no other system")
    country = forms.CharField(
        max_length=2, required=False, validators=[COUNTRY], help_text="ISO 3166, such as CZ."
    )
    expires_on = day("Expires on", "The last day on which it works.")
    external_id = forms.CharField(
        label="External id",
        max_length=100,
        required=False,
        help_text="Its id in the system it comes from, which stays. Empty: it gets one of ours.",
    )
    metadata = MetadataField()

    def offer(self) -> None:
        super().offer()
        connectors = self.request.organization.connectors.order_by("name", "pk")
        self.offers("connector", Source(connectors, lambda rows, words: rows.filter(name__icontains=words)))
        if not self.is_new:
            del self.fields["external_id"]

    def statuses(self) -> dict[str, str]:
        return dict(PaymentMethod.Status.choices)

    def keep(self) -> None:
        keeping.keep_method(self.record, at=timezone.now())

    @property
    def words(self) -> str:
        """What the method is called."""
        return str(method_words(sight_of(self.request.staff))(self.record))
