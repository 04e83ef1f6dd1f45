from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from console.organizations.models import (
    ApiKey,
    Approval,
    AuditEvent,
    Decision,
    Invitation,
    Organization,
    SignInEvent,
    Staff,
    User,
)
from console.organizations.sessions import end_sessions
from console.readonly import ReadOnly

# Who may do what is said by roles at an organization, never by Django's groups. A person's factors, addresses and
# sessions are that person's own: who could add a factor for somebody else could sign in as them.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    """Organizations are made and named here or by bin/manage create_organization; none is deleted.

    How many eyes a request needs is asked for and approved on the organization's own pages.
    """

    list_display = ["name", "slug", "base_currency", "time_zone", "is_sending"]
    search_fields = ["name", "slug"]
    readonly_fields = ["second_approver_above", "export_minimum"]

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Who may sign in. Passwords are set by bin/manage create_staff, never read here."""

    list_display = ["email", "name", "is_active", "is_staff"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_active", "is_staff"]
    readonly_fields = ["is_staff"]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who may not sign in any more is out at once. The audit trail of each bank where they work says so."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            end_sessions([obj.pk])

    def has_add_permission(self, request: object) -> bool:
        return False


@admin.register(Staff)
class StaffAdmin(ReadOnly):
    """Who works where. People are invited, and their roles changed, on the organization's own pages."""

    list_display = ["user", "organization", "role"]
    list_filter = ["role"]
    list_select_related = ["user", "organization"]
    search_fields = ["user__email__icontains"]
    search_help_text = "A part of an email address."


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["organization", "role", "invited_by", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["organization", "invited_by__user"]
    exclude = ["email", "digest"]


@admin.register(SignInEvent)
class SignInEventAdmin(ReadOnly):
    list_display = ["at", "user", "what"]
    list_select_related = ["user"]


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    list_display = ["name", "prefix", "organization", "created_at", "expires_at", "revoked_at"]
    list_select_related = ["organization"]
    exclude = ["digest"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnly):
    list_display = ["title", "kind", "organization", "state", "maker", "requested_at"]
    list_select_related = ["organization", "maker__user"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ["approval", "verdict", "checker", "at"]
    list_select_related = ["approval", "checker__user"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """The trail of every organization and of the platform; what can be searched for has an index."""

    list_display = ["at", "organization", "action", "model", "name", "staff", "task", "address"]
    list_select_related = ["organization", "staff__user"]
    search_fields = ["request__exact", "whole_id__exact"]
    search_help_text = "The whole id of the event, of a request, or of what it is about."
    exclude = ["mac"]
