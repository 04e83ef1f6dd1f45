"""Communications in Django admin, to look at: what was promised and sent is changed by nobody there."""

from django.contrib import admin

from communications.models import Attempt, Configuration, Endpoint, Message, Run, Suppression, Template
from console.readonly import ReadOnly


@admin.register(Configuration, Template)
class NamedAdmin(ReadOnly):
    list_display = ("name", "organization", "created_at")
    list_select_related = ("organization",)
    list_filter = ("organization",)
    search_fields = ("name",)


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    list_display = ("name", "organization", "url", "is_enabled", "failing_since")
    list_select_related = ("organization",)


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ("configuration", "confirmed_at", "confirmed_by", "planned")
    list_select_related = ("configuration", "confirmed_by__user")


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ("pk", "configuration", "state", "changed_at")
    list_select_related = ("configuration",)
    exclude = ("unsubscribe_token", "note")


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ("message_id", "number", "outcome", "code", "started_at")
    exclude = ("answer",)


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    list_display = ("address_hash", "organization", "reason", "at")
    list_select_related = ("organization",)
