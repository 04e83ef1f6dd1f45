"""Connectors: the list, the page of one with who is linked on it, and keeping them."""

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_safe

from console.billing.columns import LINK_ORDERS, NAME_ORDERS, connector_columns, link_columns
from console.billing.filtersets import LinkFilters, NameFilters
from console.billing.forms.connectors import ConnectorForm
from console.billing.models import Connector
from console.columns import choose
from console.customers.masking import sight_of
from console.listing import Listing, show_list
from console.metadata import in_words
from console.organizations.access import StaffRequest, allowed, may
from console.paging import keyset
from console.sheets import EDITED, Sheet, delete, leave, show_form


@require_safe
@allowed("view")
def connector_list(request: StaffRequest) -> HttpResponse:
    """The other systems, and how many customers are linked on each."""
    linked = Count("links", filter=Q(links__connection="linked"))
    rows = request.organization.connectors.select_related("organization").annotate(linked=linked)
    filters = NameFilters(request, rows)
    page = keyset(filters.rows, request, orders=NAME_ORDERS, default="name")
    columns = choose(request, "connectors", connector_columns())
    listing = Listing(request, "connector", "connectors", filters, columns, page)
    return show_list(
        request, "billing/connector_list.html", listing, may_edit=may(request.staff, "billing.edit")
    )


@require_safe
@allowed("view")
def connector_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who is linked on it, under which reference, and when last in step."""
    connector = _connector(request, pk)
    filters = LinkFilters(request, connector.links.select_related("customer", "organization"))
    may_edit = may(request.staff, "billing.edit")
    columns = choose(request, "connector links", link_columns(sight_of(request.staff), may_edit=may_edit))
    page = keyset(filters.rows, request, orders=LINK_ORDERS, default="-synced")
    listing = Listing(request, "link", "customers", filters, columns, page)
    context = {
        "connector": connector,
        "metadata": in_words(connector.metadata),
        "may_edit": may_edit,
    }
    return show_list(request, "billing/connector_detail.html", listing, **context)


def _connector(request: StaffRequest, pk: UUID) -> Connector:
    rows = request.organization.connectors.select_related("organization")
    found: Connector = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(EDITED)
@allowed("billing.edit")
def connector_create(request: StaffRequest) -> HttpResponse:
    """Another system that the bank is integrated with."""
    form = ConnectorForm(request, Connector(organization=request.organization))
    if form.is_bound and form.is_kept():
        return leave(request, form.record.get_absolute_url(), f"Connector {form.record} is added.")
    up_url = request.organization.url("billing:connector_list")
    return show_form(
        request, form, Sheet("New connector", "Connectors", up_url, "Add the connector", "Adding…")
    )


@require_http_methods(EDITED)
@allowed("billing.edit")
def connector_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Its name and kind."""
    connector = _connector(request, pk)
    form = ConnectorForm(request, connector)
    if form.is_bound and form.is_kept():
        return leave(request, connector.get_absolute_url(), f"Connector {connector} is saved.")
    name = form.initial["name"]
    return show_form(request, form, Sheet(f"Edit connector {name}", name, connector.get_absolute_url()))


@require_http_methods(EDITED)
@allowed("billing.edit")
def connector_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Nobody is linked on it any more."""
    connector = _connector(request, pk)
    name, url = f"connector {connector}", connector.get_absolute_url()
    sheet = Sheet(f"Delete {name}?", connector.name, url, f"Delete {name}", "Deleting…")
    after = request.organization.url("billing:connector_list")
    return delete(request, connector, sheet, after=after, name=name)
