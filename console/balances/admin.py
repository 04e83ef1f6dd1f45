from django.contrib import admin

from console.balances.models import Balance, JournalEntry, JournalLine, Movement, Pocket, Transaction
from console.readonly import ReadOnly


@admin.register(Transaction)
class TransactionAdmin(ReadOnly):
    """Who was on the other side, and what was said, stands on the account's page."""

    list_display = ["external_id", "account", "booked_on", "direction", "amount"]
    list_select_related = ["account"]
    exclude = ["counterparty", "description", "metadata"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole id, or the whole external id."


@admin.register(Balance)
class BalanceAdmin(ReadOnly):
    list_display = ["account", "ledger", "asset_code", "last_on", "items"]
    list_select_related = ["account"]
    search_fields = ["account__external_id__exact"]
    search_help_text = "The whole id, or the whole external id of an account."


@admin.register(Pocket)
class PocketAdmin(ReadOnly):
    list_display = ["account", "key", "ledger", "on_hold", "allow_sending", "allow_receiving"]
    list_select_related = ["account"]
    search_fields = ["account__external_id__exact"]
    search_help_text = "The whole id, or the whole external id of an account."


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnly):
    list_display = ["id", "ledger", "status", "amount", "asset_code", "created_at"]
    list_select_related = ["ledger"]
    exclude = ["description", "metadata", "recipients"]


@admin.register(JournalLine)
class JournalLineAdmin(ReadOnly):
    list_display = ["id", "account", "key", "kind", "amount", "created_at"]
    list_select_related = ["account"]
    search_fields = ["account__external_id__exact"]
    search_help_text = "The whole id, or the whole external id of an account."


@admin.register(Movement)
class MovementAdmin(ReadOnly):
    list_display = ["at", "account", "previous", "ledger", "moved_on"]
    list_select_related = ["account"]
