"""Declared attributes: the list, the page of one with the segments that ask for it, and keeping them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from console.columns import choose
from console.customers.keeping import FIXED, mark
from console.customers.models import Attribute
from console.listing import Listing, show_list
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import EDITED, Sheet, delete, leave, show_form
from segments.attributes.columns import ORDERS, attribute_columns, facts_of, segment_columns
from segments.attributes.filtersets import AttributeFilters, UserFilters
from segments.attributes.forms import AttributeForm
from segments.attributes.states import states_of
from segments.attributes.undeclared import undeclared
from segments.attributes.using import users_by_attribute, users_of

LIST, DETAIL = "segments/attributes/attribute_list.html", "segments/attributes/attribute_detail.html"


@require_safe
@allowed("view")
def attribute_list(request: StaffRequest) -> HttpResponse:
    """What is declared of which records, in how many segments it is used, and what became of its index."""
    filters = AttributeFilters(request, request.organization.attributes.select_related("organization"))
    page = keyset(filters.rows, request, orders=ORDERS, default="of")
    described = attribute_columns(states_of(page.rows), users_by_attribute(request.organization))
    columns = choose(request, "attributes", described)
    listing = Listing(request, "attribute", "attributes", filters, columns, page)
    may_edit = may(request.staff, "attributes.edit")
    return show_list(request, LIST, listing, may_edit=may_edit)


@require_safe
@allowed("attributes.edit")
def attribute_undeclared(request: StaffRequest) -> HttpResponse:
    """Keys that stand in records and that nobody declared, each with the way to declare it."""
    part = "#found" if request.htmx.target == "undeclared" else ""
    context = {"found": undeclared(request.organization)}
    return render(request, f"segments/attributes/attribute_undeclared.html{part}", context)


def _attribute(request: StaffRequest, pk: UUID) -> Attribute:
    rows = request.organization.attributes.select_related("organization")
    found: Attribute = get_object_or_404(rows, pk=pk)
    return found


@require_safe
@allowed("view")
def attribute_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What it is, what became of its index, and which segments ask for it."""
    attribute = _attribute(request, pk)
    state = states_of([attribute])[attribute.pk]
    if request.htmx.target == "index":
        return render(request, f"{DETAIL}#index", {"attribute": attribute, "state": state})
    filters = UserFilters(request, users_of(attribute).select_related("organization", "owner__user"))
    page = keyset(filters.rows, request, orders={"name": ("name", "id")}, default="name")
    columns = choose(request, "attribute segments", segment_columns())
    listing = Listing(request, "segment", "segments", filters, columns, page)
    context = {"attribute": attribute, "state": state, "facts": facts_of(attribute)}
    return show_list(request, DETAIL, listing, may_edit=may(request.staff, "attributes.edit"), **context)


@require_http_methods(EDITED)
@allowed("attributes.edit")
def attribute_create(request: StaffRequest) -> HttpResponse:
    """Declare a key, of which the address may say what is known already."""
    attribute = Attribute(organization=request.organization)
    for name in FIXED:
        setattr(attribute, name, request.GET.get(name, "")[:100])
    form = AttributeForm(request, attribute)
    if form.is_bound and form.is_kept():
        return leave(request, attribute.get_absolute_url(), f"{attribute} is declared.")
    up_url = request.organization.url("attributes:attribute_list")
    return show_form(
        request, form, Sheet("Declare an attribute", "Attributes", up_url, "Declare", "Declaring…")
    )


@require_http_methods(EDITED)
@allowed("attributes.edit")
def attribute_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Anything but what segments rely on; of one that none asks for that too."""
    attribute = _attribute(request, pk)
    name, url = str(attribute), attribute.get_absolute_url()
    form = AttributeForm(request, attribute)
    if form.is_bound and form.is_kept():
        return leave(request, url, f"{attribute} is saved.")
    return show_form(request, form, Sheet(f"Edit {name}", name, url, about=form.about))


@require_http_methods(EDITED)
@allowed("attributes.edit")
def attribute_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """No segment asks for it any more."""
    attribute = _attribute(request, pk)
    name = f"attribute {attribute}"
    sheet = Sheet(f"Delete {name}?", str(attribute), attribute.get_absolute_url(), "Delete it", "Deleting…")
    after = request.organization.url("attributes:attribute_list")
    return delete(request, attribute, sheet, after=after, name=name)


@require_POST
@allowed("attributes.edit")
def attribute_mark(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Filtered often from now on, or seldom: `often` says which."""
    attribute = _attribute(request, pk)
    is_often = request.POST.get("often") == "yes"
    mark(attribute, is_often=is_often)
    then = "an index is made for it" if is_often else "its index goes"
    word = "often" if is_often else "seldom"
    messages.success(request, f"{attribute} is filtered {word}: {then}.")
    return redirect(attribute)
