"""A few recipients of a communication with what each would get, before it is sent."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from communications.audience import recipients
from communications.letters import payload
from communications.models import ConfigurationVersion, Message
from communications.previews import preview
from console.customers.masking import Sight
from console.customers.models import Customer

NUMBER = 5


@dataclass(frozen=True)
class Example:
    """A recipient and what they would get: an email, or the body of a webhook."""

    customer: Customer
    subject: str = ""
    text: str = ""
    fault: str = ""
    body: str = ""


def examples(version: ConfigurationVersion, sight: Sight) -> list[Example]:
    """Up to five customers who would receive `version` now, with their data as `sight` shows it."""
    customers: list[Any] = list(recipients(version).filter(held_back="").order_by("pk")[:NUMBER])
    if version.template and version.template.version:
        organization = version.configuration.organization
        shown = preview(version.template.version.content, organization, customers, sight)
        pairs = zip(customers, shown, strict=True)
        return [
            Example(one, subject=words.subject, text=words.text, fault=words.fault) for one, words in pairs
        ]
    return [Example(one, body=_body(version, one)) for one in customers]


def _body(version: ConfigurationVersion, customer: Customer) -> str:
    """What a webhook would say; ids that are not given yet are left out."""
    message = Message(
        version=version, configuration=version.configuration, customer=customer, created_at=timezone.now()
    )
    body = json.loads(payload(message))
    body["data"] |= {"message": "…", "run": "…"}
    return json.dumps(body, indent=2, ensure_ascii=False)
