"""Segments in Django admin, to look at: definitions are saved, and members counted, on their pages."""

from django.contrib import admin

from console.readonly import ReadOnly
from segments.models import (
    AccountMembership,
    BulkRun,
    CustomerMembership,
    MembershipEvent,
    Run,
    Segment,
    SegmentVersion,
)


@admin.register(Segment)
class SegmentAdmin(ReadOnly):
    list_display = ["name", "organization", "kind", "population", "member_count", "archived_at"]
    list_filter = ["kind", "population"]
    list_select_related = ["organization"]
    search_fields = ["name__icontains"]
    search_help_text = "The whole id, or a part of the name."


@admin.register(SegmentVersion)
class SegmentVersionAdmin(ReadOnly):
    """The definition itself may name people: it stands on the segment's page."""

    list_display = ["segment", "number", "created_by", "created_at"]
    list_select_related = ["segment", "created_by__user"]
    exclude = ["definition"]


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ["requested_at", "segment", "state", "members", "entered", "left"]
    list_select_related = ["segment"]
    fields = [
        *("organization", "segment", "state", "requested_by", "requested_at", "started_at", "finished_at"),
        *("members", "entered", "left", "error"),
    ]


@admin.register(CustomerMembership)
class CustomerMembershipAdmin(ReadOnly):
    list_display = ["segment", "customer", "entered_at"]
    list_select_related = ["segment", "customer"]


@admin.register(AccountMembership)
class AccountMembershipAdmin(ReadOnly):
    list_display = ["segment", "account", "is_assigned", "entered_at"]
    list_select_related = ["segment", "account"]


@admin.register(MembershipEvent)
class MembershipEventAdmin(ReadOnly):
    list_display = ["at", "segment", "change", "customer", "account"]
    list_select_related = ["segment", "customer", "account"]
    fields = ["organization", "segment", "customer", "account", "change", "at"]


@admin.register(BulkRun)
class BulkRunAdmin(ReadOnly):
    """How the accounts were chosen may name people: it stands on the change's page."""

    list_display = ["created_at", "organization", "action", "state", "total", "changed", "refused"]
    list_select_related = ["organization"]
    exclude = ["chosen", "portfolio"]
