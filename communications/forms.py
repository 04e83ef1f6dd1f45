"""What staff fill in: templates, endpoints, communications."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction

from communications.channels.addresses import RefusedAddress, check_url
from communications.channels.letter import Unsendable, mailbox
from communications.models import (
    Configuration,
    ConfigurationVersion,
    DomainEvent,
    Endpoint,
    Template,
)
from communications.previews import faults
from communications.purposes import Purpose
from communications.rendering.content import Content
from console.approvals.forms import RequestForm
from console.billing.models import Consent
from console.organizations.models import Organization, Staff
from console.wording import Form
from segments.models import Segment

LARGEST = 200_000
ONE_LINE = RegexValidator(r"[\r\n\x00]", "Write it on one line.", inverse_match=True)


class NamedForm(Form):
    """A form about something with a name that is unique in its organization, whatever its case."""

    taken = "There is one with this name already. Choose another."
    among = ""  # which relation of the organization holds all of its kind
    name = forms.CharField(max_length=256, validators=[ONE_LINE])
    # The version that the person began with: whoever saves second is told.
    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, organization: Organization, *args: Any, existing: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.organization = organization
        self.existing = existing

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = getattr(self.organization, self.among).filter(name__iexact=name)
        if others.exclude(pk=self.existing.pk if self.existing else None).exists():
            raise ValidationError(self.taken)
        return name

    def clean_based_on(self) -> int:
        return self.cleaned_data["based_on"] or 0


class TemplateForm(NamedForm):
    """A template's words. Faults in its Liquid stand at the part they are in, with their line."""

    among = "templates"
    taken = "There is a template with this name already. Choose another."
    subject = forms.CharField(max_length=500, validators=[ONE_LINE])
    html = forms.CharField(
        label="HTML",
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 18, "class": "mono", "spellcheck": "false"}),
    )
    text = forms.CharField(
        max_length=LARGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono"}),
        help_text="Left empty, it is written from the HTML.",
    )
    customer = forms.CharField(
        label="Preview for",
        required=False,
        max_length=256,
        help_text="Name, email or external id of a customer.",
    )

    @property
    def content(self) -> Content:
        """What was typed, also while it has faults."""
        typed = {
            name: str(self.data.get(name, "")).replace("\r\n", "\n") for name in ("subject", "html", "text")
        }
        return Content(**typed)

    def clean(self) -> None:
        if not self.errors.keys() & {"subject", "html", "text"}:
            for fault in faults(self.content, self.organization):
                self.add_error(fault.part or None, str(fault))

    def save(self, *, by: Staff, at: datetime) -> Template:
        """The template with what was typed in force. Raises Overtaken, and then saves nothing."""
        with transaction.atomic():
            template: Template = self.existing or Template(organization=self.organization)
            template.name = self.cleaned_data["name"]
            template.save()
            template.save_version(self.content, by=by, at=at, based_on=self.cleaned_data["based_on"])
        return template

    @classmethod
    def of(cls, template: Template) -> dict[str, Any]:
        """What the form begins with when a template is edited."""
        version = template.version
        typed = {"subject": version.subject, "html": version.html, "text": version.text} if version else {}
        return {"name": template.name, "based_on": version.number if version else 0, **typed}


class EndpointForm(NamedForm):
    """An endpoint's name and address, and what it is told of by itself."""

    among = "endpoints"
    taken = "There is an endpoint with this name already. Choose another."
    url = forms.URLField(
        label="Address",
        max_length=2000,
        assume_scheme="https",
        help_text="https on port 443 or 8443, where your system takes webhooks.",
    )
    events = forms.MultipleChoiceField(
        label="Tell it when",
        choices=DomainEvent.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "in-threes"}),
        required=False,
        help_text="As it happens, in ids, codes and amounts, never names. Communications go there besides.",
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url, allow_loopback=settings.WEBHOOK_ALLOW_LOOPBACK)
        except RefusedAddress as refusal:
            raise ValidationError(str(refusal)) from refusal
        return url

    def save(self, *, by: Staff, at: datetime) -> Endpoint:
        """The endpoint as typed; a new one gets its first secret; a new address, or other events, wait for approval."""
        with transaction.atomic():
            name, url, events = (self.cleaned_data[each] for each in ("name", "url", "events"))
            endpoint: Endpoint = self.existing or Endpoint(
                organization=self.organization, created_by=by, url=url, events=events
            )
            endpoint.name = name
            if self.existing:
                endpoint.save(update_fields=["name"])
                endpoint.move(url, events, by=by, at=at)
            else:
                endpoint.save()
                endpoint.rotate(by=by, at=at)
        return endpoint


class ConfigurationForm(NamedForm):
    """A communication: which segment hears what. Subclasses add what their channel needs."""

    among = "configurations"
    taken = "There is a communication with this name already. Choose another."
    channel = ""
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        queryset=None, empty_label="Choose a segment"
    )
    purpose = forms.ChoiceField(
        choices=[("", "Choose what it is for"), *Purpose.choices],
        help_text="Offers and surveys go only to those who agreed to them. Bills, reminders and service, such as "
        "news of a customer’s own account, need no consent: a contract asks for them.",
    )

    def __init__(self, organization: Organization, *args: Any, **options: Any) -> None:
        super().__init__(organization, *args, **options)
        self.choose_from("segment", organization.segments.filter(archived_at__isnull=True))

    def choose_from(self, name: str, rows: Any) -> None:
        """Offer `rows` in the field `name`."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def save(self, *, by: Staff, at: datetime) -> Configuration:
        """The communication with what was typed in force. Raises Overtaken, and then saves nothing."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("name", "based_on")}
        version = ConfigurationVersion(channel=self.channel, **typed)
        with transaction.atomic():
            configuration: Configuration = self.existing or Configuration(organization=self.organization)
            configuration.name = self.cleaned_data["name"]
            configuration.save()
            configuration.save_version(version, by=by, at=at, based_on=self.cleaned_data["based_on"])
        return configuration

    @classmethod
    def of(cls, configuration: Configuration) -> dict[str, Any]:
        """What the form begins with when a communication is edited."""
        version = configuration.version
        if version is None:
            return {"name": configuration.name}
        typed = {name: getattr(version, name) for name in cls.base_fields if hasattr(version, name)}
        return {**typed, "name": configuration.name, "based_on": version.number}


class EmailForm(ConfigurationForm):
    """A communication by email."""

    channel = "email"
    template: "forms.ModelChoiceField[Template]" = forms.ModelChoiceField(
        queryset=None, empty_label="Choose a template"
    )
    sender_name = forms.CharField(max_length=100, validators=[ONE_LINE], help_text="As recipients see it.")
    sender_address = forms.EmailField(help_text="An address of a domain that your mail server may send for.")

    def __init__(self, organization: Organization, *args: Any, **options: Any) -> None:
        super().__init__(organization, *args, **options)
        self.choose_from("template", organization.templates.filter(version__isnull=False))

    def clean_sender_address(self) -> str:
        address: str = self.cleaned_data["sender_address"]
        try:
            mailbox(address)
        except Unsendable as fault:
            raise ValidationError(str(fault)) from fault
        return address


class WebhookForm(ConfigurationForm):
    """A communication by webhook."""

    channel = "webhook"
    reached_by = forms.ChoiceField(
        label="Your system reaches them by",
        choices=Consent.Channel,
        help_text="Offers and surveys need the customer’s consent to this.",
    )
    endpoint: "forms.ModelChoiceField[Endpoint]" = forms.ModelChoiceField(
        queryset=None, empty_label="Choose an endpoint"
    )

    def __init__(self, organization: Organization, *args: Any, **options: Any) -> None:
        super().__init__(organization, *args, **options)
        self.choose_from("endpoint", organization.endpoints.all())


FORMS: dict[str, type[ConfigurationForm]] = {"email": EmailForm, "webhook": WebhookForm}


class AskForm(RequestForm):
    """What the page that asks sends back: words for those who decide, and what it showed."""

    fingerprint = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
