"""Alerts in Django admin: to look at. Changes go through the pages, which write who and when."""

from django.contrib import admin

from alerts.models import (
    Alert,
    AlertEvent,
    Banner,
    Campaign,
    CampaignEvent,
    Impression,
    Trigger,
)
from console.readonly import ReadOnly


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    list_display = ["name", "organization", "state", "segment"]
    list_filter = ["state"]
    list_select_related = ["organization", "segment"]
    search_fields = ["name__icontains"]
    search_help_text = "The whole id, or a part of the name."


@admin.register(Trigger)
class TriggerAdmin(ReadOnly):
    list_display = ["campaign", "kind", "threshold", "currency"]
    list_select_related = ["campaign"]


@admin.register(CampaignEvent)
class CampaignEventAdmin(ReadOnly):
    list_display = ["at", "campaign", "kind", "by"]
    list_select_related = ["campaign", "by__user"]
    exclude = ["data"]


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ["id", "campaign", "account", "state", "fired_at"]
    list_select_related = ["campaign", "account"]


@admin.register(AlertEvent)
class AlertEventAdmin(ReadOnly):
    """Notes may name people: they stand on the alert's page."""

    list_display = ["at", "alert_id", "kind", "by"]
    list_select_related = ["by__user"]
    fields = ["organization", "alert_id", "kind", "at", "by"]


@admin.register(Banner)
class BannerAdmin(ReadOnly):
    list_display = ["title", "campaign", "placement", "approval", "withdrawn_at"]
    list_select_related = ["campaign", "approval"]


@admin.register(Impression)
class ImpressionAdmin(ReadOnly):
    list_display = ["served_at", "banner", "customer", "clicked_at"]
    list_select_related = ["banner", "customer"]
