"""The facts of an organization, a first ledger, and the first person."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from console.currencies import named_currencies
from console.editing import Editing
from console.filters import Select
from console.metadata import MetadataField
from console.organizations import scope
from console.organizations.countries import named_countries
from console.organizations.keeping import ADDRESS, OwnParent, put_address, put_under
from console.organizations.models import Organization, User
from console.signin.forms import NewcomerForm, dress
from console.statuses import STATUSES, with_present
from console.wording import Form, ModelForm, Redrawn

# Asked for first where a currency is chosen; all others follow.
USUAL = ("CZK", "EUR", "USD")
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
CHOOSE = ("", "Choose")
NOWHERE = "It can’t be a part of itself, nor of what is a part of it. Choose another, or none."


def unmade() -> Organization:
    """An organization of which nothing was said yet."""
    return Organization(doing_business_as="", legal_document="", address={})


def zones(present: str = "") -> list[tuple[str, str]]:
    """Time zones by the names of the IANA, the one that is in use among them."""
    names = {name for name in available_timezones() if name.split("/")[0] in AREAS} | {"UTC", present}
    return [(name, name.replace("_", " ")) for name in sorted(filter(None, names))]


def currencies() -> list[tuple[str, str]]:
    """Currencies of ISO 4217 with their names, the usual ones first."""
    named = named_currencies()
    order = [*USUAL, *(code for code in named if code not in USUAL)]
    return [(code, f"{code}, {named[code]}") for code in order]


def part(name: str, label: str, **more: Any) -> forms.CharField:
    """One line of an address."""
    return forms.CharField(label=label, max_length=ADDRESS[name], required=False, **more)


class FactsForm(ModelForm):
    """What is said of an organization whenever it is: names, seat, time zone. Not stored by itself: see `filled`."""

    country = forms.ChoiceField(widget=Select, choices=[])
    line1 = part("line1", "Street and number")
    line2 = part("line2", "More of the address")
    zip_code = part("zipCode", "Postcode")
    city = part("city", "City")
    state = part("state", "State or region")
    parts = {
        "country": "country",
        "line1": "line1",
        "line2": "line2",
        "zip_code": "zipCode",
        "city": "city",
    } | {"state": "state"}

    class Meta:
        model = Organization
        fields = ["name", "doing_business_as", "time_zone"]
        labels = {"name": "Legal name", "doing_business_as": "Doing business as"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country: Any = self.fields["country"]
        country.choices = [CHOOSE, *named_countries()]
        present = "" if self.instance._state.adding else self.instance.time_zone
        choices = [*([] if present else [CHOOSE]), *zones(present)]
        help_text = "Its days, quiet hours and the times on its pages are counted in it."
        self.fields["time_zone"] = forms.ChoiceField(choices=choices, widget=Select, help_text=help_text)
        for name, kept in self.parts.items():
            self.initial.setdefault(name, self.instance.address.get(kept) or "")

    def filled(self) -> Organization:
        """The organization with what was said put on it."""
        organization: Organization = self.instance  # validating put there all but the address
        said = {kept: self.cleaned_data[name] or None for name, kept in self.parts.items()}
        put_address(organization, said)
        return organization


class NewOrganizationForm(FactsForm):
    """An organization that is not there yet."""

    class Meta(FactsForm.Meta):
        fields = ["name", "doing_business_as", "legal_document", "base_currency", "time_zone"]
        labels = {
            **FactsForm.Meta.labels,
            "legal_document": "Legal document",
            "base_currency": "Base currency",
        }

    field_order = (
        *("name", "doing_business_as", "legal_document", "country", "line1", "line2", "zip_code", "city"),
        *("state", "time_zone", "base_currency"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["legal_document"].required = True
        help_text = "What the overview adds up in. Ledgers count in any currency."
        choices = [CHOOSE, *currencies()]
        self.fields["base_currency"] = forms.ChoiceField(choices=choices, widget=Select, help_text=help_text)
        self.fields["name"].widget.attrs["autofocus"] = not self.is_bound
        self.order_fields(self.field_order)
        if self.instance._state.adding and "time_zone" not in (options.get("initial") or {}):
            self.initial["time_zone"] = ""


class OrganizationForm(Redrawn, Editing, FactsForm):
    """An organization as it is. Its document and its currency stay."""

    parent = forms.ChoiceField(required=False, label="Part of", widget=Select)
    status = forms.ChoiceField(help_text="For your own systems. Nothing here follows it.")
    metadata = MetadataField()

    class Meta(FactsForm.Meta):
        fields = ["name", "doing_business_as", "time_zone", "status", "status_description"]
        labels = {**FactsForm.Meta.labels, "status_description": "Words to the status"}

    field_order = (
        *("name", "doing_business_as", "parent", "country", "line1", "line2", "zip_code", "city", "state"),
        *("time_zone", "status", "status_description", "metadata"),
    )

    def __init__(self, *args: Any, others: list[Organization], **options: Any) -> None:
        super().__init__(*args, **options)
        self.record = self.instance
        self.others = {str(one.pk): one for one in others if one.pk != self.instance.pk}
        if self.instance.parent_id:
            with scope.across():  # it may be one that the person doesn't open
                self.others.setdefault(str(self.instance.parent_id), self.instance.parent)
        choices = [("", "No other organization"), *((pk, str(one)) for pk, one in self.others.items())]
        parent: Any = self.fields["parent"]
        parent.choices = choices
        self.initial["parent"] = str(self.instance.parent_id or "")
        status: Any = self.fields["status"]
        status.choices = with_present(STATUSES, self.instance.status)
        metadata: Any = self.fields["metadata"]
        metadata.keep_unshown(self.instance.metadata)
        self.initial["metadata"] = self.instance.metadata
        self.fields["time_zone"].help_text = (
            "From the moment it changes, days, quiet hours and schedules are counted in the new zone; "
            "what was counted stays."
        )
        self.order_fields(self.field_order)

    def clean_parent(self) -> str:
        asked: str = self.cleaned_data["parent"]
        try:
            put_under(self.instance, self.others.get(asked))
        except OwnParent as refusal:
            raise ValidationError(NOWHERE) from refusal
        return asked

    def put(self) -> None:
        self.filled().metadata = self.cleaned_data["metadata"]

    def keep(self) -> None:
        self.record.save(update_fields=[*self.Meta.fields, "address", "parent", "metadata"])


class FirstPersonForm(NewcomerForm):
    """Who sets an installation up: a name, an address and a password."""

    class Meta(NewcomerForm.Meta):
        model = User
        fields = ["name", "email"]
        error_messages = {"email": {"unique": "Somebody has this address here already. Sign in with it."}}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        dress(self.fields["email"], "Email address", autocomplete="username")


class FirstLedgerForm(Form):
    """The first ledger."""

    name = forms.CharField(
        max_length=256,
        help_text="Such as Retail, or the name of the core system whose books these are.",
    )
