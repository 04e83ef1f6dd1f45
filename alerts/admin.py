"""Alerts in Django admin: to look at. Changes go through the pages, which write who and when."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from alerts.models import Alert, Banner, Campaign


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    list_display = ["name", "organization", "state", "segment"]
    list_filter = ["state", "organization"]


@admin.register(Alert)
class AlertAdmin(ReadOnly):
    list_display = ["reference", "campaign", "account", "state", "fired_at"]
    list_filter = ["state", "organization"]


@admin.register(Banner)
class BannerAdmin(ReadOnly):
    list_display = ["title", "campaign", "placement", "approved_at", "withdrawn_at"]
    list_filter = ["organization"]
