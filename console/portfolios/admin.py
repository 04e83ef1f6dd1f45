from django.contrib import admin

from console.portfolios.models import Account, AccountHolder, AccountMilestone, AccountType, Portfolio
from console.readonly import ReadOnly


@admin.register(Portfolio)
class PortfolioAdmin(ReadOnly):
    """Its name may be a person's: it stands on its page."""

    list_display = ["id", "ledger", "organization", "status", "created_at", "deleted_at"]
    list_select_related = ["ledger", "organization"]
    exclude = ["name", "metadata", "entity_id"]


@admin.register(AccountType)
class AccountTypeAdmin(ReadOnly):
    list_display = ["name", "key_value", "ledger", "organization"]
    list_select_related = ["ledger", "organization"]
    search_fields = ["key_value__exact"]
    search_help_text = "The whole id, or the whole key."


@admin.register(Account)
class AccountAdmin(ReadOnly):
    """Also external accounts, and deleted ones."""

    list_display = ["external_id", "type", "asset_code", "status", "organization", "deleted_at"]
    list_select_related = ["organization"]
    exclude = ["name", "alias", "metadata"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole id, or the whole external id."


@admin.register(AccountHolder)
class AccountHolderAdmin(ReadOnly):
    list_display = ["account", "customer", "role"]
    list_select_related = ["account", "customer"]
    search_fields = ["account__external_id__exact", "customer__external_id__exact"]
    search_help_text = "The whole external id of an account or a customer."


@admin.register(AccountMilestone)
class AccountMilestoneAdmin(ReadOnly):
    list_display = ["low", "number", "ledger", "organization"]
    list_select_related = ["ledger", "organization"]
    search_fields = ["ledger__id__exact"]
    search_help_text = "The whole id, or the whole id of a ledger."
