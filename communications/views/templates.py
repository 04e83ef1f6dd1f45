"""Templates: the list, one with its preview, writing one, and the frames in which previews are shown."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communications.columns import BY_NAME, TEMPLATE_COLUMNS
from communications.filtersets import NameFilters
from communications.forms import TemplateForm
from communications.models import Template
from communications.models.templates import Overtaken
from communications.previews import preview
from communications.rendering.fields import fields
from communications.views.frames import framed, framed_words
from console.columns import choose
from console.customers.keeping import hold_attributes
from console.customers.masking import sight_of
from console.customers.models import Customer
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset

MATCHES = 8


@require_safe
@allowed("view")
def template_list(request: StaffRequest) -> HttpResponse:
    """Every template with its version in force."""
    rows = request.organization.templates.select_related("version__created_by__user", "organization")
    filters = NameFilters(request, rows.annotate(uses=Count("communications__configuration", distinct=True)))
    page = keyset(filters.rows, request, orders=BY_NAME, default="name")
    listing = Listing(
        request, "template", "templates", filters, choose(request, "templates", TEMPLATE_COLUMNS), page
    )
    context = {"may_edit": may(request.staff, "communications.edit")}
    return show_list(request, "communications/template_list.html", listing, **context)


@require_safe
@allowed("view")
def template_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it says, as one customer gets it; who changed it when, and what sends it."""
    template = _template(request, pk)
    customer, matches, query = customer_to_show(request)
    sight, version = sight_of(request.staff), template.version
    shown = preview(version.content, request.organization, [customer], sight)[0] if version else None
    context = {
        "template": template,
        "preview": shown,
        "customer": customer,
        "matches": matches,
        "query": query,
        "versions": template.versions.select_related("created_by__user")[:10],
        "uses": request.organization.configurations.filter(version__template=template),
        "may_edit": may(request.staff, "communications.edit"),
    }
    return render(request, "communications/template_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def template_create(request: StaffRequest) -> HttpResponse:
    """A new template."""
    return _write(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed("communications.edit")
def template_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The next version of a template."""
    return _write(request, _template(request, pk))


@transaction.atomic
def _write(request: StaffRequest, template: Template | None) -> HttpResponse:
    if request.method == "POST":
        hold_attributes(request.organization)  # what it may write is there until it is kept
    initial = TemplateForm.of(template) if template else None
    form = TemplateForm(request.organization, request.POST or None, existing=template, initial=initial)
    overtaken = None
    if form.is_valid():
        try:
            saved = form.save(by=request.staff, at=timezone.now())
        except Overtaken as other:
            overtaken = other.version
        else:
            messages.success(request, f"Version {saved.version.number if saved.version else 1} saved.")
            return redirect(saved)
    context = {
        "form": form,
        "template": template,
        "overtaken": overtaken,
        "fields": fields(request.organization),
    }
    status = 422 if form.is_bound else 200
    return render(request, "communications/template_form.html", context, status=status)


@require_safe
@allowed("view")
@xframe_options_sameorigin
def template_preview(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The HTML part as one customer gets it, for a sandboxed frame."""
    template = _template(request, pk)
    customer, _, _ = customer_to_show(request)
    if template.version is None:
        return framed_words("Nothing has been written yet.")
    shown = preview(template.version.content, request.organization, [customer], sight_of(request.staff))[0]
    return framed_words(shown.fault) if shown.fault else framed(shown.html)


@require_POST
@allowed("communications.edit")
@xframe_options_sameorigin
def template_draft(request: StaffRequest) -> HttpResponse:
    """What is being typed, as one customer would get it, for the frame beside the form. Nothing is saved."""
    form = TemplateForm(request.organization, request.POST)
    form.is_valid()
    faults = [
        str(error) for part in ("subject", "html", "text", "__all__") for error in form.errors.get(part, [])
    ]
    if faults:
        return framed_words(*faults)
    sight = sight_of(request.staff)
    wanted = form.cleaned_data.get("customer", "").strip()
    found = (
        request.organization.customers.matching(wanted, sight)
        if wanted
        else request.organization.customers.all()
    )
    customer = found.order_by("pk").first()
    if wanted and customer is None:
        return framed_words(f"No customer matches “{wanted}”.")
    shown = preview(form.content, request.organization, [customer], sight)[0]
    return framed_words(shown.fault) if shown.fault else framed(shown.html)


def _template(request: StaffRequest, pk: UUID) -> Template:
    templates = request.organization.templates.select_related("version", "organization")
    found: Template = get_object_or_404(templates, pk=pk)
    return found


def customer_to_show(request: StaffRequest) -> tuple[Customer | None, list[Customer], str]:
    """The customer of a preview (`customer` in the address, else the first), those that `q` finds, and `q` itself."""
    customers = request.organization.customers
    query = request.GET.get("q", "").strip()
    matches = (
        list(customers.matching(query, sight_of(request.staff)).order_by("pk")[:MATCHES]) if query else []
    )
    try:
        chosen = customers.filter(pk=UUID(request.GET.get("customer", ""))).first()
    except ValueError:
        chosen = None
    return chosen or next(iter(matches), None) or customers.order_by("pk").first(), matches, query
