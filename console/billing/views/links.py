"""Links: a customer on a connector, entered and kept from the customer's page or from the connector's."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from console.billing.forms.links import LinkForm
from console.billing.keeping import remove_link
from console.billing.models import ConnectorLink
from console.organizations.access import StaffRequest, allowed
from console.sheets import EDITED, Sheet, leave, show_form, show_sheet


@require_http_methods(EDITED)
@allowed("billing.edit")
def link_create(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Under which id a customer is known on a connector."""
    customer = get_object_or_404(request.organization.customers, pk=pk)
    url = request.organization.url("billing:customer_billing", customer.pk)
    form = LinkForm(request, ConnectorLink(organization=request.organization, customer=customer))
    if form.is_bound and form.is_kept():
        return leave(request, url, "The link is added.")
    return show_form(request, form, Sheet("New link", "Billing", url, "Add the link", "Adding…"))


@require_http_methods(EDITED)
@allowed("billing.edit")
def link_create_on(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Which customer it is on a connector."""
    connector = get_object_or_404(request.organization.connectors.select_related("organization"), pk=pk)
    url = connector.get_absolute_url()
    form = LinkForm(request, ConnectorLink(organization=request.organization, connector=connector))
    if form.is_bound and form.is_kept():
        return leave(request, url, "The link is added.")
    return show_form(request, form, Sheet("New link", connector.name, url, "Add the link", "Adding…"))


@require_http_methods(EDITED)
@allowed("billing.edit")
def link_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The customer's id over there, and whether the two are connected."""
    link = _link(request, pk)
    form = LinkForm(request, link)
    if form.is_bound and form.is_kept():
        return leave(request, _up(request, link), "The link is saved.")
    return show_form(request, form, Sheet("Edit link", _above(request, link), _up(request, link)))


@require_http_methods(EDITED)
@allowed("billing.edit")
def link_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Forget it, with the id over there."""
    link = _link(request, pk)
    if request.method == "POST":
        remove_link(link)
        return leave(request, _up(request, link), "The link is removed.")
    sheet = Sheet(
        "Remove the link?", _above(request, link), _up(request, link), "Remove the link", "Removing…"
    )
    name = f"the link on {link.connector}"
    return show_sheet(request, "sheets/delete.html", sheet=sheet, ties=[], keeps=[], name=name, record=link)


def _link(request: StaffRequest, pk: UUID) -> ConnectorLink:
    rows = request.organization.connector_links.select_related("customer", "connector__organization")
    found: ConnectorLink = get_object_or_404(rows.filter(connector__deleted_at=None), pk=pk)
    return found


def _is_on(request: StaffRequest) -> bool:
    """Whether the page below is the connector's."""
    return "on" in request.GET


def _above(request: StaffRequest, link: ConnectorLink) -> str:
    return link.connector.name if _is_on(request) else "Billing"


def _up(request: StaffRequest, link: ConnectorLink) -> str:
    if _is_on(request):
        return link.connector.get_absolute_url()
    return request.organization.url("billing:customer_billing", link.customer_id)
