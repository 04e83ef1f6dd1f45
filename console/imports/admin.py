from django.contrib import admin

from console.imports.models import ImportRun, RunEvent
from console.readonly import ReadOnly


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    """Never the file, nor what it was called: both may name people."""

    list_display = ["created_at", "kind", "state", "organization", "rows", "rejected", "is_dry_run"]
    list_filter = ["kind", "state"]
    list_select_related = ["organization"]
    exclude = ["file", "name", "header", "mapping"]


@admin.register(RunEvent)
class RunEventAdmin(ReadOnly):
    list_display = ["at", "state", "run_id", "by"]
    list_select_related = ["by__user"]
    fields = ["run_id", "state", "by", "at"]
