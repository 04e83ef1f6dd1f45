"""Communications in Django admin, to look at: what was promised and sent is changed by nobody there."""

from django.contrib import admin

from communications.models import (
    Attempt,
    Configuration,
    ConfigurationVersion,
    Decision,
    Endpoint,
    Message,
    Run,
    Suppression,
    Template,
    TemplateVersion,
    Transition,
)
from console.readonly import ReadOnly


@admin.register(Configuration, Template)
class NamedAdmin(ReadOnly):
    list_display = ["name", "organization", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["name__icontains"]
    search_help_text = "The whole id, or a part of the name."


@admin.register(ConfigurationVersion)
class ConfigurationVersionAdmin(ReadOnly):
    list_display = ["configuration", "number", "channel", "segment", "created_by", "created_at"]
    list_select_related = ["configuration", "segment", "created_by__user"]


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnly):
    """What it says may name people: it stands on the template's page."""

    list_display = ["template", "number", "created_by", "created_at"]
    list_select_related = ["template", "created_by__user"]
    exclude = ["subject", "html", "text"]


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    list_display = ["name", "organization", "url", "is_enabled", "failing_since"]
    list_select_related = ["organization"]


@admin.register(Transition)
class TransitionAdmin(ReadOnly):
    list_display = ["at", "configuration", "endpoint", "state", "reason", "by"]
    list_select_related = ["configuration", "endpoint", "by__user"]


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ["configuration", "confirmed_at", "confirmed_by", "planned"]
    list_select_related = ["configuration", "confirmed_by__user"]


@admin.register(Message)
class MessageAdmin(ReadOnly):
    list_display = ["id", "configuration", "event", "state", "changed_at"]
    list_select_related = ["configuration"]
    exclude = ["unsubscribe_token", "note"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["at", "message_id", "choice", "by"]
    list_select_related = ["by__user"]
    fields = ["message_id", "choice", "by", "at"]


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = ["message_id", "number", "outcome", "code", "started_at"]
    fields = ["message_id", "number", "started_at", "finished_at", "outcome", "code"]


@admin.register(Suppression)
class SuppressionAdmin(ReadOnly):
    list_display = ["address_hash", "organization", "reason", "at"]
    list_select_related = ["organization"]
    search_fields = ["address_hash__exact"]
    search_help_text = "The whole hash."
