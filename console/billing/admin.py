"""Billing in Django admin, to look at: it is entered on its pages, by files and by the API."""

from django.contrib import admin

from console.billing.models import (
    Connector,
    ConnectorLink,
    Consent,
    Contact,
    Invoice,
    InvoiceEvent,
    Monitor,
    MonitorReading,
    PaymentMethod,
)
from console.readonly import ReadOnly

BY_CUSTOMER = "The whole id, or the whole external id of a customer."


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly):
    list_display = ["external_id", "number", "status", "due_on", "currency", "organization"]
    list_select_related = ["organization"]
    exclude = ["metadata", "payment_link"]
    search_fields = ["external_id__exact", "number__exact"]
    search_help_text = "The whole id, external id or number."


@admin.register(InvoiceEvent)
class InvoiceEventAdmin(ReadOnly):
    list_display = ["at", "invoice", "before", "after", "staff"]
    list_select_related = ["invoice", "staff__user"]


@admin.register(PaymentMethod)
class PaymentMethodAdmin(ReadOnly):
    """What tells it apart stands in the console alone, where roles mask it."""

    list_display = ["external_id", "type", "status", "is_default", "organization"]
    list_select_related = ["organization"]
    exclude = ["metadata", "details"]
    search_fields = ["external_id__exact"]
    search_help_text = "The whole id, or the whole external id."


@admin.register(Connector)
class ConnectorAdmin(ReadOnly):
    list_display = ["name", "kind", "organization", "deleted_at"]
    list_select_related = ["organization"]
    search_fields = ["name__exact"]
    search_help_text = "The whole id, or the whole name."


@admin.register(ConnectorLink)
class ConnectorLinkAdmin(ReadOnly):
    list_display = ["id", "connector", "customer", "connection", "synced_at"]
    list_select_related = ["connector", "customer"]
    exclude = ["reference"]
    search_fields = ["customer__external_id__exact"]
    search_help_text = BY_CUSTOMER


@admin.register(Contact)
class ContactAdmin(ReadOnly):
    """Who it is stands in the console alone, where roles mask it."""

    list_display = ["id", "customer", "send_invoice", "organization"]
    list_select_related = ["customer", "organization"]
    exclude = ["name", "email", "metadata"]
    search_fields = ["customer__external_id__exact"]
    search_help_text = BY_CUSTOMER


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ["customer", "purpose", "channel", "is_given", "said_at", "source"]
    list_select_related = ["customer"]
    search_fields = ["customer__external_id__exact"]
    search_help_text = "The whole external id of a customer."


@admin.register(Monitor)
class MonitorAdmin(ReadOnly):
    list_display = ["name", "figure", "organization", "evaluated_at", "holding", "fault"]
    list_select_related = ["organization"]
    search_fields = ["name__exact"]
    search_help_text = "The whole id, or the whole name."


@admin.register(MonitorReading)
class MonitorReadingAdmin(ReadOnly):
    list_display = ["monitor", "customer", "state", "since"]
    list_select_related = ["monitor", "customer"]
    search_fields = ["customer__external_id__exact"]
    search_help_text = "The whole external id of a customer."
