from django.contrib import admin

from console.ledgers.models import Asset, Ledger
from console.readonly import ReadOnly


@admin.register(Ledger)
class LedgerAdmin(ReadOnly):
    list_display = ["name", "organization", "created_at", "deleted_at"]
    list_select_related = ["organization"]
    search_fields = ["name__icontains"]
    search_help_text = "The whole id, or a part of the name."


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    list_display = ["code", "name", "type", "scale", "ledger"]
    list_select_related = ["ledger"]
    search_fields = ["code__exact"]
    search_help_text = "The whole id, or the whole code."
