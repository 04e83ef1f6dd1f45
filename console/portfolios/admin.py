from django.contrib import admin

from console.portfolios.models import Account, AccountHolder, Portfolio
from console.readonly import ReadOnly


@admin.register(Portfolio)
class PortfolioAdmin(ReadOnly):
    list_display = ["name", "ledger", "organization"]
    list_select_related = ["ledger", "organization"]
    search_fields = ["name__startswith"]


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ["external_id", "type", "asset_code", "status", "organization"]
    list_select_related = ["organization"]
    ordering = ["pk"]
    exclude = ["name", "alias", "metadata"]
    search_fields = ["external_id__startswith"]
    search_help_text = "The beginning of an external id."


@admin.register(AccountHolder)
class AccountHolderAdmin(ReadOnly):
    list_display = ["account", "customer", "role"]
    list_select_related = ["account", "customer"]
    ordering = ["pk"]
    search_fields = ["account__external_id__exact", "customer__external_id__exact"]
    search_help_text = "The whole external id of an account or a customer."
