from django.contrib import admin

from console.balances.models import Balance, Transaction
from console.readonly import ReadOnly


@admin.register(Transaction)
class TransactionAdmin(ReadOnly):
    list_display = ["external_id", "account", "booked_on", "direction", "amount"]
    list_select_related = ["account"]
    ordering = ["pk"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole external id."


@admin.register(Balance)
class BalanceAdmin(ReadOnly):
    list_display = ["account", "ledger", "asset_code", "last_on", "items"]
    list_select_related = ["account"]
    ordering = ["pk"]
    search_fields = ["account__external_id__exact"]
    search_help_text = "The whole external id of an account."
