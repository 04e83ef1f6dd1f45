"""Alerts in Django admin: to look at. Changes go through the pages, which write who and when."""

from django.contrib import admin

from alerts.models import Alert, Banner, Campaign
from console.readonly import ReadOnly


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    list_display = ["name", "organization", "state", "segment"]
    list_filter = ["state", "organization"]
    list_select_related = ["organization", "segment"]


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ["reference", "campaign", "account", "state", "fired_at"]
    list_filter = ["state", "organization"]
    list_select_related = ["campaign", "account"]


@admin.register(Banner)
class BannerAdmin(ReadOnly):
    list_display = ["title", "campaign", "placement", "approval", "withdrawn_at"]
    list_filter = ["organization"]
    list_select_related = ["campaign", "approval"]
