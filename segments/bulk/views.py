"""Changes of many accounts on pages: asked for in the list of accounts, foretold, started, watched, kept."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from console.columns import choose
from console.counts import Count
from console.holding import NotPossible
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.wakeup import wake
from segments import tasks
from segments.bulk.asking import NobodyChosen, ask
from segments.bulk.columns import COLUMNS, ORDERS, BulkFilters
from segments.bulk.forecast import forecast
from segments.bulk.forms import PickedForm, TargetForm
from segments.bulk.words import badge, ended, figures, foretold, reasons
from segments.models import BulkRun


def _runs(request: StaffRequest) -> Any:
    return request.organization.bulk_runs.select_related(
        "requested_by__user", "organization", "segment__ledger", "portfolio__ledger"
    )


def _run(request: StaffRequest, pk: UUID) -> BulkRun:
    run: BulkRun = get_object_or_404(_runs(request), pk=pk)
    return run


@require_safe
@allowed("view")
def run_list(request: StaffRequest) -> HttpResponse:
    """Every change of many accounts, the newest first."""
    filters = BulkFilters(request, _runs(request))
    page = keyset(filters.rows, request, orders=ORDERS, default="-created")
    listing = Listing(request, "bulk", "changes", filters, choose(request, "bulk", COLUMNS), page)
    return show_list(request, "bulk/run_list.html", listing)


@require_POST
@allowed("record.edit")
def run_create(request: StaffRequest) -> HttpResponse:
    """Take down which accounts were picked and what is to be done; the next page says what that will do."""
    form = PickedForm(request)
    try:
        if not form.is_valid():
            raise NobodyChosen(" ".join(str(one) for errors in form.errors.values() for one in errors))
        said: dict[str, Any] = {"by": request.staff, "at": timezone.now(), "chosen": form.chosen()}
        run = ask(request.organization, form.cleaned_data["action"], form.accounts(), **said)
    except NobodyChosen as fault:
        messages.error(request, str(fault))
        return redirect(f"{request.organization.url('portfolios:account_list')}?{request.GET.urlencode()}")
    target = form.cleaned_data["target"]
    given = f"?{urlencode({'target': target})}" if target and run.needs == "segment" else ""
    return redirect(run.get_absolute_url() + given)


@require_safe
@allowed("view")
def run_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it will do, while it is not started; how far it is; what came of it, with those that were refused."""
    run = _run(request, pk)
    if run.state == "draft":
        is_asked = {"target", "redraw"} & set(request.GET) or not run.needs
        return _draft(request, run, TargetForm(run, request.GET if is_asked else None))
    refused = run.items.exclude(refusal="").select_related("account")
    rows = keyset(
        refused,
        request,
        orders={"account": ("account",)},
        default="account",
        count=Count(run.refused, "exact"),
    )
    context = {"run": run, "badge": badge(run), "figures": figures(run), "ended": ended(run), "page": rows}
    context |= {"reasons": dict(reasons(run)), "may_edit": may(request.staff, "record.edit")}
    context |= {action: run.can(action) for action in ("cancel", "resume")}
    part = {"run": "#run", "refused-rows": "#refused"}.get(request.htmx.target or "", "")
    return render(request, f"bulk/run_detail.html{part}", context)


def _draft(request: StaffRequest, run: BulkRun, form: TargetForm, status: int = 200) -> HttpResponse:
    """What would be done, in numbers, once it is known to what."""
    context: dict[str, Any] = {"run": run, "form": form, "lines": [], "is_nothing": False}
    context["may_edit"] = may(request.staff, "record.edit")
    if form.is_valid() and not form.is_redrawn:
        if run.needs:
            setattr(run, run.needs, form.cleaned_data["target"])
        found = forecast(run)
        context |= {"lines": foretold(run, found), "is_nothing": not found.changed}
    return render(request, "bulk/run_draft.html", context, status=status)


@require_POST
@allowed("record.edit")
def run_start(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Start it: a worker takes it from here."""
    run = _run(request, pk)
    form = TargetForm(run, request.POST)
    if form.is_redrawn or not form.is_valid():
        return _draft(request, run, form, status=422)
    try:
        run.start(form.cleaned_data.get("target"), by=request.staff, at=timezone.now())
    except NotPossible as fault:
        messages.error(request, str(fault))
    else:
        wake(tasks.change_many, str(run.pk), organization=run.organization_id)
    return redirect(run)


@require_POST
@allowed("record.edit")
def run_act(request: StaffRequest, pk: UUID, action: str) -> HttpResponse:
    """Cancel it, or take it up again where it stopped."""
    run = _run(request, pk)
    try:
        {"cancel": run.cancel, "resume": run.resume}[action](at=timezone.now())
    except NotPossible as fault:
        messages.error(request, str(fault))
    else:
        if run.is_live:
            wake(tasks.change_many, str(run.pk), organization=run.organization_id)
    return redirect(run)
