"""From leased messages to what goes over the wire: rendered copies kept, letters and calls made ready."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from communications.channels.call import Call
from communications.channels.letter import Letter
from communications.models import Message, RenderedCopy, TemplateVersion
from communications.rendering.environment import Fault
from communications.rendering.fields import context, fields
from communications.rendering.renderer import Renderer

# Opens the page of no message: a preview unsubscribes nobody.
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Parcel:
    """A message and what goes out for it; nothing where its customer has been erased."""

    message: Message
    content: Letter | Call | None


def loaded(ids: Sequence[UUID]) -> list[Message]:
    """Messages with everything that `prepare` needs, in the order in which they are due."""
    related = ("organization", "customer", "version__segment", "endpoint", "template_version", "copy")
    return list(Message.objects.filter(pk__in=ids).select_related(*related).order_by("next_attempt_at", "pk"))


def prepare(
    messages: Sequence[Message], renderer: Renderer, *, at: datetime
) -> tuple[list[Parcel], dict[UUID, Fault]]:
    """Letters and calls for leased messages of one lane, and the faults of those that can't be written.

    What a message said at its first try it says again at the next, unless the customer's address has changed.
    """
    unwritten = [m for m in messages if (m.customer or m.event) and not _is_written(m)]
    faults = _write_copies(unwritten, renderer, at=at)
    secrets = {m.endpoint: m.endpoint.secrets_live(at=at) for m in messages if m.endpoint}
    ready = []
    for message in messages:
        if message.customer is None and not message.event:
            ready.append(Parcel(message, None))
        elif message.endpoint:
            ready.append(Parcel(message, _call(message, secrets[message.endpoint])))
        elif message.pk not in faults:
            ready.append(Parcel(message, _letter(message)))
    return ready, faults


def unsubscribe_url(token: UUID) -> str:
    """The address that a recipient opens, or a mail program posts to, to get no more."""
    return settings.PUBLIC_URL + _way_out().replace(str(NOBODY), str(token))


@cache
def _way_out() -> str:
    """The path with nobody's token: looking it up anew for each letter costs more than writing the letter."""
    return reverse("unsubscribe", args=[NOBODY])


def payload(message: Message) -> str:
    """The body of a webhook: which message to whom on which occasion, in ids only; the same at every try."""
    customer, version = message.customer, message.version
    if version is None:
        return event(message)
    return json.dumps(
        {
            "type": "communication.message",
            "timestamp": message.created_at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "data": {
                "message": str(message.pk),
                "communication": str(message.configuration_id),
                "version": version.number,
                "run": str(message.run_id) if message.run_id else None,
                "segment": str(version.segment_id),
                "customer": str(customer.opaque_id) if customer else None,
                "external_id": customer.external_id if customer else None,
            },
        },
        separators=(",", ":"),
    )


def event(message: Message) -> str:
    """What happened, as CloudEvents 1.0 has it in JSON. `id` is the webhook's: a second arrival is known by it."""
    source = f"/v1/organizations/{message.details['organizationId']}"
    return json.dumps(
        {
            "specversion": "1.0",
            "id": identity(message),
            "source": source,
            "type": message.event,
            "subject": message.details["id"],
            "time": message.created_at.astimezone(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "dataschema": "urn:tranche:event:1",
            "data": message.details,
        },
        separators=(",", ":"),
    )


def identity(message: Message) -> str:
    """Under which id a webhook travels: the same at every try."""
    return f"msg_{message.pk.hex}"


def _is_written(message: Message) -> bool:
    """Whether the copy that is kept can go out: it is for the address that the customer has now."""
    copy, customer = getattr(message, "copy", None), message.customer
    return bool(copy and (message.endpoint_id or (customer and copy.address == customer.email)))


def _write_copies(messages: Sequence[Message], renderer: Renderer, *, at: datetime) -> dict[UUID, Fault]:
    """Render and keep what each message says. Returns the faults of those that can't be rendered."""
    groups: dict[TemplateVersion | None, list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.template_version].append(message)
    faults: dict[UUID, Fault] = {}
    copies = []
    for version, group in groups.items():
        rendered = _rendered(version, group, renderer)
        for message, result in zip(group, rendered, strict=True):
            if isinstance(result, Fault):
                faults[message.pk] = result
            else:
                copies.append(RenderedCopy(message=message, rendered_at=at, **result))
                message.copy = copies[-1]
    RenderedCopy.objects.bulk_create(
        copies,
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=["address", "subject", "html", "text", "rendered_at"],
    )
    return faults


def _rendered(
    version: TemplateVersion | None, messages: Sequence[Message], renderer: Renderer
) -> list[dict[str, str] | Fault]:
    """The columns of each message's copy, or its fault."""
    if version is None:
        return [{"address": m.endpoint.url if m.endpoint else "", "text": payload(m)} for m in messages]
    organization = messages[0].organization
    known = fields(organization)
    contexts = [
        context(m.customer, organization, known, unsubscribe_url(m.unsubscribe_token))
        for m in messages
        if m.customer
    ]
    results = renderer.render(version.content, contexts)
    return [
        result if isinstance(result, Fault) else {"address": m.customer.email if m.customer else "", **result}
        for m, result in zip(messages, results, strict=True)
    ]


def _letter(message: Message) -> Letter:
    copy, customer, version = message.copy, message.customer, message.version
    return Letter(
        message=message.pk,
        sender_name=version.sender_name if version else "",
        sender_address=version.sender_address if version else "",
        name=customer.name if customer else "",
        address=copy.address,
        subject=copy.subject,
        html=copy.html,
        text=copy.text,
        unsubscribe_url=unsubscribe_url(message.unsubscribe_token),
        written_at=copy.rendered_at,
    )


def _call(message: Message, secrets: Sequence[str]) -> Call:
    url = message.endpoint.url if message.endpoint else ""
    return Call(identity=identity(message), url=url, body=message.copy.text.encode(), secrets=secrets)
