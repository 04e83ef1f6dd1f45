"""Consents."""

from django import forms

from console.billing.models import Consent
from console.wording import Form


class ConsentForm(Form):
    """What the customer said about one channel and purpose."""

    purpose = forms.ChoiceField(choices=Consent.Purpose)
    channel = forms.ChoiceField(choices=Consent.Channel)
    is_given = forms.ChoiceField(choices=[("yes", "Agrees"), ("no", "Declines")], label="The customer")
