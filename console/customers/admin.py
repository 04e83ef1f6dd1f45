from django.contrib import admin

from console.customers.models import Attribute, Customer, Download, Erasure, Reveal
from console.readonly import ReadOnly


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    """Who it is stands in the console alone, where roles mask it and a reveal is kept."""

    list_display = ["external_id", "kind", "country", "organization"]
    list_select_related = ["organization"]
    exclude = ["name", "email", "phone", "custom_data"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole id, or the whole external id."


@admin.register(Attribute)
class AttributeAdmin(ReadOnly):
    list_display = ["key", "entity", "type", "label", "is_filtered_often", "organization"]
    list_filter = ["entity", "type"]
    list_select_related = ["organization"]
    search_fields = ["key__exact"]
    search_help_text = "The whole key."


@admin.register(Download)
class DownloadAdmin(ReadOnly):
    list_display = ["at", "organization", "rows", "staff", "approval"]
    list_select_related = ["organization", "staff__user", "approval"]


@admin.register(Reveal)
class RevealAdmin(ReadOnly):
    list_display = ["at", "organization", "customer", "staff", "handed_over"]
    list_select_related = ["organization", "customer", "staff__user"]


@admin.register(Erasure)
class ErasureAdmin(ReadOnly):
    list_display = ["at", "organization", "staff", "reason"]
    list_select_related = ["organization", "staff__user"]
    exclude = ["external_id_hash"]
