"""/api/v1/communications and /messages: what the bank sends, and what became of each message. Read only."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema

from communications.models import Configuration, Message
from console.bearer import KeyAuth
from console.cursors import CursorQuery, list_of, page_of
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.problems import one_of

router = Router(tags=["communications"], auth=KeyAuth(KeyScope.MESSAGES_READ))


class CommunicationOut(Schema):
    """A communication and what its version in force says: which segment, through which channel, what for.

    Offers (marketing) and surveys go only to customers whose last word on that purpose, `reached_by` that channel, is
    yes; billing and service need no consent.
    """

    id: UUID
    name: str
    state: str
    trigger: str
    version: int | None
    segment_id: UUID | None
    channel: str | None
    purpose: Literal["marketing", "surveys", "billing", "service"] | None
    reached_by: Literal["email", "sms", "phone", "post"] | None
    created_at: datetime

    @staticmethod
    def of(configuration: Configuration) -> "CommunicationOut":
        version: Any = configuration.version
        return CommunicationOut(
            id=configuration.pk,
            name=configuration.name,
            state=configuration.state,
            trigger=configuration.trigger,
            version=version.number if version else None,
            segment_id=version.segment_id if version else None,
            channel=version.channel if version else None,
            purpose=version.purpose if version else None,
            reached_by=version.reached_by if version else None,
            created_at=configuration.created_at,
        )


class MessageOut(Schema):
    """A promise to one customer on one occasion. `held_back` says why one was suppressed; what it said is not told.

    Of consent: no_consent where the customer was never asked, declined where they said no.
    """

    id: UUID
    communication_id: UUID | None
    customer_id: UUID | None
    channel: str
    state: str
    held_back: str
    tries: int
    created_at: datetime
    changed_at: datetime
    sent_at: datetime | None

    @staticmethod
    def of(message: Message) -> "MessageOut":
        same = set(MessageOut.model_fields) - {"communication_id"}
        return MessageOut(
            communication_id=message.configuration_id, **{name: getattr(message, name) for name in same}
        )


class MessageQuery(CursorQuery):
    communication_id: UUID | None = None
    customer_id: UUID | None = None
    state: Literal["queued", "sending", "sent", "failed", "suppressed", "uncertain", "dead", ""] = ""


@router.get("/communications", response=list_of(CommunicationOut), summary="List communications")
def list_communications(request: KeyRequest, query: Query[CursorQuery]) -> dict[str, Any]:
    """By their names."""
    rows = request.auth.organization.configurations.select_related("version")
    return page_of(rows, query, "name", CommunicationOut.of)


@router.get("/communications/{communication_id}", response=CommunicationOut, summary="Get a communication")
def get_communication(request: KeyRequest, communication_id: UUID) -> CommunicationOut:
    """As it is in force now."""
    rows = request.auth.organization.configurations.select_related("version")
    return CommunicationOut.of(one_of(rows, communication_id, "communication"))


@router.get("/messages", response=list_of(MessageOut), summary="List messages")
def list_messages(request: KeyRequest, query: Query[MessageQuery]) -> dict[str, Any]:
    """The newest first."""
    asked = {"configuration": query.communication_id, "customer": query.customer_id, "state": query.state}
    rows = request.auth.organization.messages.filter(
        **{name: value for name, value in asked.items() if value}
    )
    return page_of(rows, query, "-id", MessageOut.of)


@router.get("/messages/{message_id}", response=MessageOut, summary="Get a message")
def get_message(request: KeyRequest, message_id: UUID) -> Any:
    """What became of it."""
    return MessageOut.of(one_of(request.auth.organization.messages.all(), message_id, "message"))
