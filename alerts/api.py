"""/api/v1/decisions: the banner to show a customer now, and clicks on it."""

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from ninja import Query, Router, Schema, Status

from alerts import decisions
from console.bearer import KeyAuth
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope

router = Router(tags=["decisions"], auth=KeyAuth(KeyScope.DECISIONS))


class BannerOut(Schema):
    """Plain words to lay out by the app itself; `link` is an https address or a path of the bank's own app."""

    title: str
    text: str
    button_label: str
    link: str


class DecisionOut(Schema):
    """A banner to show; `id` is what clicks are reported under."""

    id: UUID
    placement: str
    banner: BannerOut


@router.get("/decisions", response={200: DecisionOut, 204: None}, summary="The banner to show a customer now")
def decide(
    request: KeyRequest,
    customer: Annotated[UUID, Query(description="The customer's opaque id.")],
    placement: Annotated[
        str, Query(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="The place in the app, such as home.")
    ],
) -> Status[Any]:
    """204 when there is nothing to show. Ask each time: a banner is withdrawn the moment its reason ends."""
    organization = request.auth.organization
    try:
        found = decisions.decide(organization, customer=customer, placement=placement, at=timezone.now())
    except decisions.UnknownCustomer as unknown:
        raise Http404("No customer with this opaque id.") from unknown
    if found is None:
        return Status(204, None)
    banner = BannerOut(title=found.title, text=found.text, button_label=found.button_label, link=found.link)
    return Status(200, DecisionOut(id=found.id, placement=placement, banner=banner))


@router.post(
    "/decisions/{decision}/clicks", response={204: None}, summary="A customer pressed the banner's button"
)
def click(request: KeyRequest, decision: UUID) -> Status[None]:
    """The first click counts; reporting it again changes nothing."""
    organization = request.auth.organization
    try:
        decisions.click(organization, decision, at=timezone.now())
    except decisions.UnknownDecision as unknown:
        raise Http404("No decision with this id.") from unknown
    return Status(204, None)
