"""A template as one customer would get it, for pages."""

from dataclasses import dataclass

from communications.letters import NOBODY, unsubscribe_url
from communications.rendering.content import Content
from communications.rendering.environment import Fault
from communications.rendering.fields import context, fields, sample
from communications.rendering.markup import acting
from communications.rendering.renderer import Renderer
from console.customers.masking import Sight
from console.customers.models import Customer
from console.organizations.models import Organization


@dataclass(frozen=True)
class Preview:
    """What a customer would read; `fault` instead, when it can't be written."""

    subject: str = ""
    html: str = ""
    text: str = ""
    fault: str = ""


def preview(
    content: Content, organization: Organization, customers: list[Customer | None], sight: Sight
) -> list[Preview]:
    """`content` as each of `customers` gets it, their data as `sight` shows it; None stands for sample values."""
    known = fields(organization)
    address = unsubscribe_url(NOBODY)
    contexts = [
        context(one, organization, known, address, sight) if one else sample(known) for one in customers
    ]
    with Renderer() as renderer:
        results = renderer.render(content, contexts)
    return [Preview(fault=str(one)) if isinstance(one, Fault) else Preview(**one) for one in results]


def faults(content: Content, organization: Organization) -> list[Fault]:
    """What keeps a template from being saved, each with its part and line."""
    found = acting(content.html)
    known = fields(organization)
    with Renderer() as renderer:
        found += renderer.check(content, [field.name for field in known], sample(known))
    return found
