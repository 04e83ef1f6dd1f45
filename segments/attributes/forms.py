"""What staff say of an attribute."""

from django import forms

from console.customers.keeping import keep_attribute
from console.customers.masking import looks_personal
from console.customers.models import Attribute
from console.customers.models.attribute import KEY
from console.keeping import ties_of
from console.sheets import RecordForm


class AttributeForm(RecordForm):
    """Of what, key and type, by which segments know it; what it is called and means; whether an index is kept."""

    entity = forms.ChoiceField(label="Of", choices=Attribute.Entity)
    key = forms.CharField(
        max_length=100,
        validators=[KEY],
        help_text="As it stands in files and in the API: birth_date, or address.city for a value in an object.",
    )
    type = forms.ChoiceField(choices=Attribute.Type)
    label = forms.CharField(
        label="Name", max_length=100, required=False, help_text="How staff call it. Empty: made from the key."
    )
    help = forms.CharField(
        label="Meaning", max_length=200, required=False, help_text="Shown to whoever filters by it."
    )
    unit = forms.CharField(
        max_length=20, required=False, help_text="What a number counts, such as days or CZK."
    )
    is_personal = forms.BooleanField(label="Personal: masked for roles that do not need it", required=False)
    is_filtered_often = forms.BooleanField(
        label="Filtered often: an index is kept for it",
        required=False,
        help_text="Segments find their records by it faster; writing such records takes a little longer.",
    )

    def offer(self) -> None:
        """A new one begins as its key suggests."""
        if self.is_new and self.record.key:
            self.initial["is_personal"] = looks_personal(self.record.key)

    @property
    def about(self) -> str:
        """Why part of it stays as it is."""
        used = next((tie.keeps for tie in ties_of(self.record) if tie.keeps), None)
        return f"Of what, key and type stay as they are. {used}" if used else ""

    def keep(self) -> None:
        keep_attribute(self.record)
