"""The rules of declared attributes, which pages, the API and the command all keep by calling these."""

from django.db import connection, transaction

from console.customers.models import Attribute
from console.keeping import Refusal, once, ties_of
from console.organizations.models import Organization

# What whoever uses an attribute relies on.
FIXED = {"entity": "kind of record", "key": "key", "type": "type"}


class KeyTaken(Refusal):
    """The organization has declared this key of these records."""

    field = "key"


class InAnother(Refusal):
    """One attribute would be a value and hold another at once."""

    field = "key"


class Fixed(Refusal):
    """Something uses the attribute by its key and type."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def keep_attribute(attribute: Attribute) -> None:
    """Store an attribute, new or changed; an index is tried anew. Raises KeyTaken, InAnother, Fixed."""
    if not attribute._state.adding:
        _stay(attribute)
    _stand_alone(attribute)
    attribute.index_failed_at, attribute.index_fault = None, ""
    whose = attribute.get_entity_display().lower()
    with once(attribute_once=KeyTaken(f"“{attribute.key}” of {whose} is declared already.")):
        attribute.save()


def _stand_alone(attribute: Attribute) -> None:
    """Raises InAnother where the key leads into one that is a value, or is a value that others lead into."""
    others = attribute.organization.attributes.filter(entity=attribute.entity).exclude(pk=attribute.pk)
    if attribute.organization.attributes.filter(
        pk=attribute.pk, entity=attribute.entity, key=attribute.key
    ).exists():
        return  # as it was declared
    parts = attribute.key.split(".")
    above = [".".join(parts[:n]) for n in range(1, len(parts))]
    if found := others.filter(key__in=above).first():
        raise InAnother(
            f"“{found.key}” is declared as a value, so nothing can stand in it. Choose another key."
        )
    if found := others.filter(key__startswith=f"{attribute.key}.").first():
        raise InAnother(f"“{found.key}” is declared, so “{attribute.key}” holds others. Choose another key.")


def _stay(attribute: Attribute) -> None:
    """Raises Fixed where what others rely on is to change while something uses it."""
    before = Attribute.objects.select_for_update().get(pk=attribute.pk)
    moved = [name for name in FIXED if getattr(before, name) != getattr(attribute, name)]
    used = next((tie.keeps for tie in ties_of(before) if tie.keeps), None) if moved else None
    if used:
        what = FIXED[moved[0]]
        raise Fixed(moved[0], f"“{before}” is in use, so its {what} stays. {used}")


def hold_attributes(organization: Organization) -> None:
    """None of them gets another key or type, or goes, until the transaction ends: for who is about to rely on some."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM customers_attribute WHERE organization_id = %s AND deleted_at IS NULL"
            " ORDER BY id FOR KEY SHARE",
            [organization.pk],
        )


@transaction.atomic
def mark(attribute: Attribute, *, is_often: bool) -> None:
    """Say whether segments ask for it often, so that an index is made, or not kept any more."""
    held = Attribute.objects.select_for_update(no_key=True).get(pk=attribute.pk)
    if held.is_filtered_often != is_often:
        held.is_filtered_often, held.index_failed_at, held.index_fault = is_often, None, ""
        held.save(update_fields=["is_filtered_often", "index_failed_at", "index_fault"])
