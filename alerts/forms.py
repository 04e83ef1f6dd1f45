"""What staff type: a campaign's rule as a sentence, a banner's words, a word to colleagues."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction

from alerts.models import Banner, Campaign, Trigger
from console.filters import AmountField
from console.organizations.models import Organization, Staff
from console.templatetags.console import amount, money
from console.wording import Form, ModelForm

COOLDOWNS = [
    ("0", "at the next crossing"),
    *((str(days), f"after {days} days") for days in (7, 14, 30, 90, 365)),
    ("", "never for the same account"),
]
LIMIT = Decimal(10) ** 15
AMOUNT = {"inputmode": "decimal", "class": "num", "size": 10, "autocomplete": "off"}


class MoneyField(AmountField):
    """An amount with up to two decimals, written with or without separators."""

    def __init__(self, **options: Any) -> None:
        wrong = "Write an amount such as 1,000.00, with a point before the cents."
        super().__init__(
            widget=forms.TextInput(attrs=AMOUNT),
            decimal_places=2,
            validators=[MinValueValidator(-LIMIT, wrong), MaxValueValidator(LIMIT, wrong)],
            error_messages={"invalid": wrong, "required": wrong, "max_decimal_places": wrong},
            **options,
        )

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace("\u2212", "-") if isinstance(value, str) else value)


class CampaignForm(Form):
    """The rule of a campaign. Needs the organization: its segments and currencies are the choices."""

    name = forms.CharField(label="Name", max_length=100, help_text="How colleagues will find it.")
    segment: Any = forms.ModelChoiceField(None, label="Segment", empty_label="choose a segment")
    threshold = MoneyField(label="Threshold")
    currency = forms.ChoiceField(label="Currency")
    clear_at = MoneyField(label="Clears at", required=False)
    cooldown = forms.ChoiceField(label="May fire again", choices=COOLDOWNS, required=False)
    on_activation = forms.ChoiceField(
        label="Accounts that are below already",
        choices=Campaign.OnActivation.choices,
        error_messages={"required": "Choose what happens to accounts that are below already."},
    )
    priority = forms.IntegerField(
        label="Priority of its banner",
        min_value=0,
        max_value=100,
        initial=50,
        help_text="0 to 100. Where several banners could be shown, the highest is.",
    )

    based_on = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, organization: Organization, campaign: Campaign | None = None) -> None:
        self.organization, self.campaign = organization, campaign
        super().__init__(data, initial=self._initial())
        segments: Any = self.fields["segment"]
        segments.queryset = organization.segments.filter(archived_at__isnull=True)
        codes = (
            organization.assets.filter(type="currency")
            .order_by("code")
            .values_list("code", flat=True)
            .distinct()
        )
        currencies: Any = self.fields["currency"]
        currencies.choices = [(code, code) for code in dict.fromkeys([organization.base_currency, *codes])]

    def _initial(self) -> dict[str, Any]:
        if self.campaign is None:
            return {"currency": self.organization.base_currency, "cooldown": "0", "on_activation": "wait"}
        campaign, trigger = self.campaign, self.campaign.trigger
        return {
            "name": campaign.name,
            "segment": campaign.segment_id,
            "threshold": amount(trigger.threshold, trigger.currency),
            "currency": trigger.currency,
            "clear_at": amount(trigger.clear_at, trigger.currency)
            if trigger.clear_at != trigger.threshold
            else "",
            "cooldown": "" if campaign.cooldown is None else str(campaign.cooldown.days),
            "on_activation": campaign.on_activation,
            "priority": campaign.priority,
            "based_on": campaign.version,
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = self.organization.campaigns.exclude(state="ended")
        if self.campaign:
            others = others.exclude(pk=self.campaign.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(
                f"Another campaign is called “{name}”. Choose another name, or end that one."
            )
        return name

    def clean(self) -> dict[str, Any]:
        threshold, clear_at = self.cleaned_data.get("threshold"), self.cleaned_data.get("clear_at")
        currency = self.cleaned_data.get("currency", "")
        if threshold is not None and clear_at is not None and clear_at < threshold:
            self.add_error(
                "clear_at",
                f"Write at least {amount(threshold, currency)}, or leave it empty: then it clears at the threshold.",
            )
        return self.cleaned_data

    @transaction.atomic
    def save(self, *, by: Staff, at: datetime) -> Campaign:
        """Keep the rule: a new draft, or the next version of a campaign that does not run.

        Raises WrongState, Overtaken; and IntegrityError when another campaign took the name meanwhile.
        """
        is_new = self.campaign is None
        campaign = self.campaign or Campaign(organization=self.organization, created_by=by)
        given, days = self.cleaned_data, self.cleaned_data["cooldown"]
        if not is_new:
            campaign.revise(given["based_on"] or campaign.version, at=at)
        campaign.name, campaign.segment, campaign.priority = (
            given["name"],
            given["segment"],
            given["priority"],
        )
        campaign.cooldown = timedelta(days=int(days)) if days else None
        campaign.on_activation = given["on_activation"]
        campaign.save()
        clear_at = given["threshold"] if given["clear_at"] is None else given["clear_at"]
        rule = {"threshold": given["threshold"], "clear_at": clear_at, "currency": given["currency"]}
        Trigger.objects.update_or_create(
            campaign=campaign, defaults={"organization": self.organization, "kind": "ledger_below", **rule}
        )
        currency = given["currency"]
        said = f"below {amount(given['threshold'], currency)}, clears at {money(clear_at, currency)}"
        campaign.record(
            "created" if is_new else "edited", by=by, at=at, note=f"version {campaign.version}: {said}"
        )
        return campaign


class BannerForm(ModelForm):
    """The words of a banner and where they lead: plain text in fields, never HTML."""

    class Meta:
        model = Banner
        fields = ["title", "text", "button_label", "link", "placement"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {"button_label": "Button"}
        help_texts = {
            "title": "Up to 40 characters.",
            "text": "Up to 200 characters.",
            "button_label": "Up to 24 characters.",
        }

    def clean_placement(self) -> str:
        placement: str = self.cleaned_data["placement"]
        others = self.instance.campaign.banners.exclude(pk=self.instance.pk)
        if others.filter(placement=placement).exists():
            raise forms.ValidationError(
                f"This campaign has a banner for “{placement}” already. Edit that one."
            )
        return placement


class CommentForm(Form):
    """Words for the next colleague."""

    note = forms.CharField(
        label="Comment for the next colleague",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "What did you find, what did you agree?"}),
        error_messages={"required": "Write what you found or agreed."},
    )


class SnoozeForm(Form):
    """For how many days an alert is put aside."""

    days = forms.IntegerField(label="Days", min_value=1, max_value=365)
