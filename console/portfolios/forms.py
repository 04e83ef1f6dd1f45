"""What staff say of assets, account types, portfolios and accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.html import format_html

from console.distinct import values_in_use
from console.ledgers.keeping import CODE_LENGTH, check_code, keep_asset
from console.ledgers.models import DECIMALS, Asset, Ledger
from console.metadata import MetadataField
from console.picking import PickField
from console.portfolios.assets import begin_asset
from console.portfolios.choosing import accounts_of, portfolios_of
from console.portfolios.columns import type_words
from console.portfolios.keeping import keep_account, keep_type, open_account, put_into
from console.portfolios.models import Account
from console.sheets import RecordForm
from console.suggesting import Suggested

SUGGESTED = 200
KEY = RegexValidator(r"^[a-zA-Z0-9_-]+\Z", "Letters, digits, _ and - only.")
ALIAS = RegexValidator(r"^[a-zA-Z0-9@:_-]+\Z", "Letters, digits, @ : _ and - only.")


class AssetForm(RecordForm):
    """Code and kind, which stay; name, decimals, state, metadata."""

    code = forms.CharField(
        max_length=CODE_LENGTH, help_text="Capital letters: EUR, BTC, GOLD. It can’t be changed later."
    )
    type = forms.ChoiceField(label="Kind", choices=Asset.Type, help_text="It can’t be changed later.")
    name = forms.CharField(max_length=256, help_text="Such as “Euro”.")
    scale = forms.IntegerField(
        label="Decimals", min_value=0, max_value=DECIMALS, help_text="How many people write of an amount."
    )
    status = forms.ChoiceField()
    status_description = forms.CharField(max_length=256, label="Words to the status", required=False)
    metadata = MetadataField()

    def offer(self) -> None:
        if not self.is_new:
            del self.fields["code"], self.fields["type"]

    @property
    def locked(self) -> list[tuple[str, Any]]:
        if self.is_new:
            return []
        return [("Code", self.record.code), ("Kind", self.record.get_type_display())]

    def keep(self) -> None:
        if not self.is_new:
            return keep_asset(self.record)
        said = dict(self.cleaned_data)
        code = said.pop("code")
        check_code(code)
        self.record = begin_asset(self.record.ledger, code, **said)
        return None


class TypeForm(RecordForm):
    """Name, key, which stays, description, metadata."""

    name = forms.CharField(max_length=100, help_text="Such as “Savings account”.")
    key_value = forms.CharField(
        max_length=50,
        label="Key",
        validators=[KEY],
        help_text="What accounts of it have as their type: letters, digits, _ and -. It can’t be changed later.",
    )
    description = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    metadata = MetadataField()

    def offer(self) -> None:
        if not self.is_new:
            del self.fields["key_value"]

    @property
    def locked(self) -> list[tuple[str, Any]]:
        return [] if self.is_new else [("Key", self.record.key_value)]

    def keep(self) -> None:
        keep_type(self.record)


class PortfolioForm(RecordForm):
    """Name, entity, state, metadata."""

    name = forms.CharField(max_length=256)
    entity_id = forms.CharField(
        max_length=256,
        label="Entity id",
        required=False,
        help_text="Whose it is in another system. Accounts that come into it get it, where they have none.",
    )
    status = forms.ChoiceField()
    status_description = forms.CharField(max_length=256, label="Words to the status", required=False)
    metadata = MetadataField()

    @property
    def locked(self) -> list[tuple[str, Any]]:
        ledger = self.record.ledger
        return [("Ledger", or_another(ledger, "portfolios:portfolio_new") if self.is_new else ledger)]

    def keep(self) -> None:
        self.record.save()


@dataclass(frozen=True)
class Extra:
    """A field of an account's form that belongs to an app above: the field, what it is now, and how it is kept."""

    field: Callable[[Account], forms.Field]
    now: Callable[[Account], Any]
    keep: Callable[[Account, Any, datetime], None]


# By the name of the field, in the order in which they stand.
MORE: dict[str, Extra] = {}


class AccountForm(RecordForm):
    """What every account has; where from and in what it is kept is fixed once it is there."""

    asset_code = forms.ChoiceField(label="Asset", help_text="It can’t be changed later.")
    type = forms.CharField(
        max_length=256, help_text="One of those in use, or a new one. It can’t be changed later."
    )
    name = forms.CharField(
        max_length=256, required=False, help_text="Empty: called after its asset and type."
    )
    external_id = forms.CharField(
        max_length=100,
        label="Number",
        required=False,
        help_text="Its id in the core system, which can’t be changed later. Empty: it is known by an id of ours.",
    )
    alias = forms.CharField(
        max_length=100,
        required=False,
        validators=[ALIAS],
        help_text="A second name for transactions: letters, digits, @ : _ and -. It can’t be changed later.",
    )
    portfolio = PickField(find="Find a portfolio", none="In no portfolio")
    parent = PickField(
        label="Parent account", find="Find an account by its number or alias", none="No parent account"
    )
    entity_id = forms.CharField(
        max_length=256, label="Entity id", required=False, help_text="Empty: the portfolio’s, if it has one."
    )
    is_blocked = forms.BooleanField(label="Debit blocked", required=False)
    status = forms.ChoiceField()
    status_description = forms.CharField(max_length=256, label="Words to the status", required=False)
    opened_on = forms.DateField(
        label="Opened on", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    metadata = MetadataField()

    def offer(self) -> None:
        account, ledger = self.record, self.record.ledger
        self.offers("portfolio", portfolios_of(ledger))
        for name, extra in MORE.items():
            self.fields[name] = extra.field(account)
            self.initial[name] = extra.now(account)
        names = list(self.base_fields)
        self.order_fields(names[: names.index("entity_id")] + list(MORE) + names[names.index("entity_id") :])
        if not self.is_new:
            for name in ("asset_code", "type", "alias", "external_id", "parent"):
                del self.fields[name]
            return
        self.offers("parent", accounts_of(ledger))
        self.initial["opened_on"] = account.organization.local_date(timezone.now())
        assets: Any = self.fields["asset_code"]
        assets.choices = [(one.code, f"{one.code} · {one.name}") for one in ledger.assets.all()]
        self.offer_types(ledger)

    def offer_types(self, ledger: Ledger) -> None:
        """The ledger's account types: the only choices where it asks for one of them, else beside those in use."""
        types = {one.key_value: one.name for one in ledger.account_types.all()[: SUGGESTED + 1]}
        if ledger.has_typed_accounts and len(types) <= SUGGESTED:
            choices = list(types.items())
            self.fields["type"] = forms.ChoiceField(choices=choices, help_text="It can’t be changed later.")
            return
        if not ledger.has_typed_accounts:
            used = values_in_use(ledger.organization.accounts.all(), "type", SUGGESTED)
            types = {one: type_words(Account(type=one)) for one in used} | types
        self.fields["type"].widget = Suggested(types, {"maxlength": 256})
        if types:
            self.initial["type"] = ""  # the browser offers them all where nothing stands yet

    def statuses(self) -> dict[str, str]:
        return dict(Account.Status.choices)

    @property
    def locked(self) -> list[tuple[str, Any]]:
        account = self.record
        if self.is_new:
            return [("Ledger", or_another(account.ledger, "portfolios:account_new"))]
        known = [
            ("Ledger", account.ledger),
            ("Asset", account.asset_code),
            ("Type", type_words(account)),
            ("Number", account.external_id),
            ("Alias", account.alias),
            ("Parent account", account.parent),
        ]
        return [(name, value) for name, value in known if value]

    def put(self) -> None:
        said, account = self.cleaned_data, self.record
        had = account.portfolio_id
        super().put()
        if not self.is_new and account.portfolio_id != had:
            put_into(account, said["portfolio"])

    def keep(self) -> None:
        account = self.record
        (open_account if self.is_new else keep_account)(account)
        for name, extra in MORE.items():
            extra.keep(account, self.cleaned_data[name], timezone.now())


def or_another(ledger: Ledger, page: str) -> Any:
    """The ledger's name; where there are others, with the way to choose one of them."""
    if not ledger.organization.ledgers.exclude(pk=ledger.pk).exists():
        return ledger
    url = f"{ledger.organization.url(page)}?q="
    return format_html('{} · <a href="{}" data-sheet>another ledger</a>', ledger, url)
