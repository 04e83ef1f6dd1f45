"""Which templates write a declared attribute: it stays as long as a letter could go out with a place for it."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from communications.models import Message, Template, TemplateVersion
from communications.rendering.environment import named
from communications.rendering.fields import PREFIX
from console.customers.models import Attribute
from console.keeping import Part, StillUsed, Tie

PARTS_OF = ("subject", "html", "text")


def templates_with(attribute: Attribute) -> list[Template]:
    """The templates whose version in force writes it, or one of which letters are still to leave; by name."""
    if attribute.entity != Attribute.Entity.CUSTOMERS:
        return []
    waiting = Message.objects.filter(
        organization=attribute.organization_id, template_version=OuterRef("pk"), state=Message.State.QUEUED
    )
    # As it may be written, after a point or in quotes: which of them it is, the template itself says below.
    has_it = Q()
    for part in PARTS_OF:
        has_it |= Q(**{f"{part}__contains": attribute.key.rpartition(".")[2]})
    versions = (
        TemplateVersion.objects.filter(has_it, template__organization=attribute.organization_id)
        .filter(Q(template__version=F("pk")) | Exists(waiting))
        .select_related("template")
        .order_by("template__name", "pk")
    )
    found = {one.template_id: one.template for one in versions if writes(one, f"{PREFIX}{attribute.key}")}
    return list(found.values())


def writes(version: TemplateVersion, name: str) -> bool:
    """Whether a place for the field `name` is in it."""
    return any(name in named(part, getattr(version, part)) for part in PARTS_OF)


def _of_attribute(attribute: Attribute) -> Iterator[Tie]:
    templates = templates_with(attribute)
    rows = Template.objects.filter(pk__in=[one.pk for one in templates])
    names = [one.name for one in templates]
    keeps = StillUsed.by("template", names, "writes it", "write it") if names else None
    yield Tie("Templates that write it", "keep it from being deleted", rows, keeps=keeps)


def _ends(_: Attribute, __: datetime) -> None:
    """No letter has a place for it."""


HANGING = {"customers.Attribute": Part(_of_attribute, _ends)}
