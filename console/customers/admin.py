from django.contrib import admin

from console.customers.models import Attribute, Customer
from console.readonly import ReadOnly


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    """Who it is stands in the console alone, where roles mask it and a reveal is kept."""

    list_display = ["external_id", "kind", "country", "organization"]
    list_select_related = ["organization"]
    ordering = ["pk"]
    search_fields = ["external_id__startswith"]
    exclude = ["name", "email", "phone", "custom_data"]
    search_help_text = "The beginning of an external id."


@admin.register(Attribute)
class AttributeAdmin(ReadOnly):
    list_display = ["key", "entity", "type", "label", "organization"]
    list_filter = ["entity", "type"]
    list_select_related = ["organization"]
