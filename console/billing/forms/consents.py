"""Consents."""

from django import forms

from console.billing.models import Consent
from console.wording import Form

# Nobody agrees to anything because a form began so: what the customer said is chosen.
SAID = [("", "Choose what they said"), ("yes", "Agrees"), ("no", "Declines")]


class ConsentForm(Form):
    """What the customer said about one channel and purpose."""

    purpose = forms.ChoiceField(choices=Consent.Purpose)
    channel = forms.ChoiceField(choices=Consent.Channel)
    is_given = forms.ChoiceField(
        choices=SAID, label="The customer", error_messages={"required": "Choose what the customer said."}
    )
