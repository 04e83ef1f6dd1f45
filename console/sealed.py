"""Every place in the database where a secret lies sealed, and sealing it anew when the key changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.checks import Tags, Warning, register
from django.db import DatabaseError

from console.organizations import scope
from console.organizations.sealing import is_known, is_newest, key_of, seal, unseal


@dataclass(frozen=True)
class Place:
    """A column that holds a sealed text, or JSON with sealed texts under some keys."""

    model: str
    column: str
    keys: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """Primary key and value of each row."""
        rows = apps.get_model(self.model)._default_manager.order_by("pk")
        yield from rows.values_list("pk", self.column).iterator(chunk_size=500)

    def sealed(self, value: Any) -> list[str]:
        """The sealed texts in a value."""
        return [value[key] for key in self.keys if value.get(key)] if self.keys else [value]

    def anew(self, value: Any) -> Any:
        """The value sealed with the newest key. Raises CantUnseal."""
        if not self.keys:
            return seal(unseal(value))
        return {**value, **{key: seal(unseal(value[key])) for key in self.keys if value.get(key)}}


PLACES = (
    Place("communications.EndpointSecret", "sealed"),
    Place("mfa.Authenticator", "data", ("secret", "seed")),
)


def reseal() -> dict[str, int]:
    """Seal everything with the newest key; how many rows of each table were sealed anew.

    Each row by itself and only if nobody changed it meanwhile: stopped half-way, the next run goes on. Raises
    CantUnseal at a row whose key is gone.
    """
    return {place.model: sum(_reseal(place, pk, value) for pk, value in place.rows()) for place in PLACES}


def _reseal(place: Place, pk: Any, value: Any) -> int:
    if all(map(is_newest, place.sealed(value))):
        return 0
    rows = apps.get_model(place.model)._default_manager
    return int(rows.filter(pk=pk, **{place.column: value}).update(**{place.column: place.anew(value)}))


def unknown_keys() -> dict[str, int]:
    """The ids of keys that seal something and are not in settings.SEALING_KEYS, each with how many texts."""
    found: dict[str, int] = {}
    for place in PLACES:
        for _, value in place.rows():
            for text in place.sealed(value):
                if not is_known(text):
                    found[key_of(text)] = found.get(key_of(text), 0) + 1
    return found


@register(Tags.database)
def every_key_is_known(app_configs: Any, databases: Any = None, **_: Any) -> list[Warning]:
    """Secrets whose key is gone stay sealed. Asked only with `check --database default`: it reads the tables."""
    if not databases:
        return []
    try:
        with scope.across():
            lost = unknown_keys()
    except DatabaseError:
        return []  # before the first migration there is nothing to open
    return [
        Warning(
            f"{number} secrets are sealed with the key “{key}”, which SEALING_KEYS does not have.",
            hint="Put the key back behind the newest one, then run reseal.",
            id="console.W001",
        )
        for key, number in sorted(lost.items())
    ]
