"""Approvals: what waits for the reader, what they asked for, and one request side by side with what is so now."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.approvals.columns import COLUMNS, ORDERS, TONES
from console.approvals.filtersets import ApprovalFilters, views
from console.approvals.forms import DecisionForm, SizeForm
from console.approvals.sizes import SIZES, SettingsKind, sizes_of
from console.approvals.words import facts, latest, lines, story, why_not
from console.columns import choose
from console.listing import Listing, show_list
from console.organizations import approving
from console.organizations.access import StaffRequest, allowed, may
from console.organizations.kinds import KINDS, Impossible, Look
from console.organizations.models import Approval, Organization
from console.paging import keyset

SAID = {
    "approved": "Approved: ",
    "rejected": "Rejected. The person who asked is told why.",
    "void": "It is void, and nothing was changed: ",
    "expired": "It expired before you decided. Nothing was changed.",
    "waiting": "Approved. It waits for a second person.",
}


@require_safe
@allowed("view")
def approval_list(request: StaffRequest) -> HttpResponse:
    """What waits for the reader, what they asked for, what was decided."""
    rows = request.organization.approvals.select_related("maker__user", "organization")
    filters = ApprovalFilters(request, rows)
    page = keyset(filters.rows, request, orders=ORDERS, default="-asked")
    listing = Listing(request, "approval", "approvals", filters, choose(request, "approvals", COLUMNS), page)
    path = request.organization.url("approval_list")
    tabs = [
        {"label": label, "url": f"{path}?show={name}", "is_current": name == filters.here, "count": ""}
        for name, label in views(request.staff)
    ]
    return show_list(
        request,
        "approvals/approval_list.html",
        listing,
        tabs=tabs,
        here=filters.here,
        may_set=may(request.staff, "settings"),
    )


@require_safe
@allowed("view")
def approval_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What is asked for beside what is so now, who said what, and the two buttons for those who may."""
    return _show(request, _approval(request, pk), DecisionForm())


def _show(request: StaffRequest, approval: Approval, form: DecisionForm) -> HttpResponse:
    now = timezone.now()
    is_waiting = approval.is_waiting(at=now)
    problem, look = approving.standing(approval, by=request.staff, at=now) if is_waiting else ("", Look())
    context = {
        "approval": approval,
        "tone": TONES[approval.state],
        "kind": KINDS[approval.kind],
        "subject_url": KINDS[approval.kind].url(approval),
        "lines": lines(approval),
        "has_before": bool(approval.before),
        "facts": facts(approval),
        "story": story(approval),
        "offer": KINDS[approval.kind].offer(approval, request.staff, at=now),
        "form": form,
        "why_not": why_not(approval, request.staff, at=now),
        "problem": problem,
        "look": look,
        "is_waiting": is_waiting,
        "is_mine": approval.maker_id == request.staff.pk,
        "nobody_else": is_waiting and not approving.deciders(approval),
    }
    status = 422 if form.is_bound else 200
    return render(request, "approvals/approval_detail.html", {**look.shown, **context}, status=status)


def _approval(request: StaffRequest, pk: UUID) -> Approval:
    rows = request.organization.approvals.select_related("maker__user", "organization")
    found: Approval = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("approvals.decide")
def approval_decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Approve or reject; what is approved is active at once. Who comes back to the address is led to the request."""
    approval, form = _approval(request, pk), DecisionForm(request.POST)
    if request.method != "POST":
        return redirect(approval)
    if not form.is_valid():
        return _show(request, approval, form)
    act = approving.approve if form.cleaned_data["verdict"] == "approved" else approving.reject
    try:
        done = act(approval, by=request.staff, at=timezone.now(), comment=form.cleaned_data["comment"])
    except approving.Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(approval)
    say = messages.success if done.state in ("approved", "rejected", "waiting") else messages.warning
    say(request, SAID[done.state] + (KINDS[done.kind].done if done.state == "approved" else done.reason))
    return redirect(approval)


@require_POST
@allowed("view")
def approval_take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The person who asked asks no more."""
    approval = _approval(request, pk)
    try:
        approving.take_back(approval, by=request.staff, at=timezone.now())
    except approving.OwnRequest as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except approving.NotWaiting as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "Taken back. You can ask again at any time.")
    return redirect(approval)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("settings")
def approval_size(request: StaffRequest) -> HttpResponse:
    """Ask for another size above which two must approve. What waits is measured by it when it is approved."""
    organization, now = request.organization, timezone.now()
    form = SizeForm(request.POST or None, instance=Organization(**sizes_of(organization)))
    if form.is_valid():
        given, comment = {name: form.cleaned_data[name] for name in SIZES}, form.cleaned_data["comment"]
        asked = {"by": request.staff, "at": now, "comment": comment}
        try:
            return redirect(approving.ask(SettingsKind.name, organization.pk, given=given, **asked))
        except Impossible as why:
            messages.warning(request, str(why))
    context = {"form": form, "approval": latest(request.staff, SettingsKind.name, organization.pk)}
    status = 422 if form.errors else 200
    return render(request, "approvals/approval_size.html", context, status=status)
