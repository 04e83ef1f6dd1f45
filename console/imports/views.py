"""Imports on pages: the list, a new one, how its columns are read, how it goes, what was rejected."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.columns import choose
from console.holding import NotPossible
from console.imports import tasks
from console.imports.columns import COLUMNS, ORDERS
from console.imports.downloads import rejected_lines
from console.imports.filtersets import RunFilters
from console.imports.forms import MappingForm, UploadForm
from console.imports.models import ImportRun, Stopped
from console.imports.permitted import demand_run, kinds_for, may_run
from console.imports.progress import badges, figures, history, read_as, verdict
from console.imports.sniffing import NotCsv
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.wakeup import wake


def _run(request: StaffRequest, pk: UUID) -> ImportRun:
    runs = request.organization.import_runs.select_related("requested_by__user", "organization", "ledger")
    run: ImportRun = get_object_or_404(runs, pk=pk)
    return run


@require_safe
@allowed("view")
def run_list(request: StaffRequest) -> HttpResponse:
    """Every import, the newest first."""
    runs = request.organization.import_runs.select_related("requested_by__user", "organization")
    filters = RunFilters(request, runs)
    page = keyset(filters.rows, request, orders=ORDERS, default="-created")
    listing = Listing(request, "run", "imports", filters, choose(request, "imports", COLUMNS), page)
    may_run = may(request.staff, "imports.run")
    return show_list(request, "imports/run_list.html", listing, may_run=may_run)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("imports.run")
def run_create(request: StaffRequest) -> HttpResponse:
    """Take a file in; it is kept as a draft until somebody says how its columns are read."""
    kinds = kinds_for(request.staff)
    initial = {"kind": request.GET.get("kind")}
    form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        run = request.organization.import_runs.receive(
            file.file,
            file.name,
            form.found,
            kind=form.cleaned_data["kind"],
            by=request.staff,
            at=timezone.now(),
        )
        return redirect(run)
    status = 422 if form.is_bound else 200
    return render(request, "imports/run_form.html", {"form": form, "kinds": kinds}, status=status)


@require_safe
@allowed("view")
def run_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How an import stands. A draft shows its columns; one under way its progress; one that ended what came of it."""
    run = _run(request, pk)
    if run.state == "draft":
        return _draft(request, run, MappingForm(run))
    context = {"run": run, "figures": figures(run), "history": history(run), "read_as": read_as(run)}
    context |= {"may_run": may_run(request.staff, run), "verdict": verdict(run), "badges": badges(run)}
    rows = run.rejected_rows.all()
    context["page"] = keyset(rows, request, orders={"line": ("line", "id")}, default="line")
    context["is_part"] = request.htmx.target == "run"
    part = {"run": "#run", "rejected-rows": "#rejected"}.get(request.htmx.target or "", "")
    return render(request, f"imports/run_detail.html{part}", context)


def _draft(request: StaffRequest, run: ImportRun, form: MappingForm, status: int = 200) -> HttpResponse:
    context = {
        "run": run,
        "form": form,
        "may_run": may_run(request.staff, run),
        "history": history(run),
        "badges": badges(run),
    }
    return render(request, "imports/run_draft.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("imports.run")
def run_start(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Start a draft, or only check it, or read it anew in another encoding or with another delimiter."""
    run = _run(request, pk)
    demand_run(request.staff, run)
    try:
        if request.method != "POST":
            return redirect(run)
        if request.POST.get("action") == "look":
            return _look_again(request, run)
        form = MappingForm(run, request.POST)
        if not form.is_valid():
            return _draft(request, run, form, status=422)
        with transaction.atomic():  # an import that has moved on keeps the columns it was started with
            form.save()
            run.start(by=request.staff, at=timezone.now(), is_dry_run=request.POST.get("action") == "check")
        wake(tasks.work, str(run.pk), organization=run.organization_id)
    except (NotPossible, Stopped) as fault:
        messages.error(request, str(fault) or "This import has moved on meanwhile.")
    return redirect(run)


def _look_again(request: StaffRequest, run: ImportRun) -> HttpResponse:
    form = MappingForm(run, request.POST)
    form.is_valid()
    chosen: dict[str, Any] = form.cleaned_data
    try:
        run.look_again(encoding=chosen.get("encoding", ""), delimiter=chosen.get("delimiter", ""))
    except NotCsv as fault:
        form.add_error("encoding", str(fault))
        return _draft(request, run, form, status=422)
    return redirect(run)


@require_POST
@allowed("imports.run")
def run_act(request: StaffRequest, pk: UUID, action: str) -> HttpResponse:
    """Cancel, resume, or import for real what a dry run checked."""
    run = _run(request, pk)
    demand_run(request.staff, run)
    acts = {"cancel": run.cancel, "resume": run.resume, "repeat": run.repeat}
    try:
        run = acts[action](by=request.staff, at=timezone.now()) or run
    except (NotPossible, Stopped) as fault:
        messages.error(request, str(fault) or "This import has moved on meanwhile.")
    else:
        if run.is_live:
            wake(tasks.work, str(run.pk), organization=run.organization_id)
    return redirect(run)


@require_safe
@allowed("personal.view")
def rejected_download(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The rejected rows as CSV, each with what is wrong, ready to be mended and sent again."""
    run = _run(request, pk)
    response = StreamingHttpResponse(rejected_lines(run), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rejected-{run.kind}-{run.pk}.csv"'
    return response
