"""Asking for the customers list as a file, and taking it once somebody else has approved it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from console.customers.approvals import ExportKind, canonical, subject_of, take
from console.customers.forms import ExportForm
from console.exports import csv_response
from console.organizations import approving
from console.organizations.access import StaffRequest, allowed
from console.organizations.kinds import Impossible
from console.organizations.models import Approval


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("customers.export")
def customer_export(request: StaffRequest) -> HttpResponse:
    """What would be in the file; with a purpose it is asked for."""
    organization, form, now = request.organization, ExportForm(request.POST or None), timezone.now()
    query = canonical(request)
    given = {"query": query, "purpose": form.data.get("purpose", "").strip()}
    asked = Approval(organization=organization, kind=ExportKind.name, maker=request.staff, given=given)
    kind = ExportKind()
    try:
        proposal = kind.proposal(kind.hold(asked), asked, at=now)
    except Impossible as why:
        messages.warning(request, str(why))
        return redirect(f"{organization.url('customers:customer_list')}?{request.GET.urlencode()}")
    if form.is_valid():
        subject = subject_of(request.staff, query)
        return redirect(approving.ask(kind.name, subject, by=request.staff, at=now, given=given))
    words = [pair for pair in proposal.after if pair[0] not in ("Purpose", "Taken by")]
    context = {"form": form, "pairs": words, "count": proposal.audience}
    return render(request, "customers/customer_export.html", context, status=422 if form.is_bound else 200)


@require_safe
@allowed("customers.export", is_file=True)
def customer_download(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """The file as it was approved, for who asked for it and for 24 hours; that it was taken is kept."""
    rows = request.organization.approvals.select_related("organization", "maker__user", "maker__organization")
    approval = get_object_or_404(rows, pk=pk, kind=ExportKind.name, maker=request.staff)
    now = timezone.now()
    if request.method == "HEAD":
        return HttpResponse(content_type="text/csv; charset=utf-8")
    try:
        export = take(approval, by=request.staff, at=now)
    except Impossible as why:
        messages.warning(request, str(why))
        return redirect(approval)
    name = f"{request.organization.slug}-customers-{request.organization.local_date(now)}"
    return csv_response(name, export.rows(), export.columns)
