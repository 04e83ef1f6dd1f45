"""Whose rows a piece of work may touch, and who does it.

The first wall is that every query starts from an organization. The second stands in PostgreSQL: under the role APP
only rows of the organization that the transaction named exist; work that has no single organization (a clock that
looks for what is due, an operator's command) says so and takes the role ACROSS. console/postgres says both at the
beginning of each transaction, with the actor, whom the audit trail writes down.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

APP, ACROSS = "tranche_app", "tranche_across"


class HasKey(Protocol):
    """An organization, or anything else that has its id."""

    pk: Any


@dataclass(frozen=True)
class Actor:
    """Who is at work: a person (`user`, at an organization also `staff`), a key of the API, or by itself a `task`.

    `request` is the id under which the logs know the request or task; `address` where it came from.
    """

    user: str = ""
    staff: str = ""
    key: str = ""
    task: str = ""
    request: str = ""
    address: str = ""

    def known(self) -> dict[str, str]:
        """What is not empty, by name."""
        return {name: value for name, value in asdict(self).items() if value}

    def words(self) -> str:
        """What is known as JSON; nobody is an empty text."""
        known = self.known()
        return json.dumps(known) if known else ""


@dataclass(frozen=True)
class Scope:
    """What a transaction is told. Without a role it is the one that the connection signed in with."""

    role: str = ""
    organization: str = ""
    actor: Actor = Actor()

    def settings(self) -> list[str]:
        """The values of role, tranche.organization and tranche.actor."""
        return [self.role or "none", self.organization, self.actor.words()]


NOBODY = Scope()
_present: ContextVar[Scope] = ContextVar("scope", default=NOBODY)
Item = TypeVar("Item")


def present() -> Scope:
    """The scope of the work that goes on now."""
    return _present.get()


@contextmanager
def kept() -> Iterator[None]:
    """Whatever is entered inside ends with it."""
    token = _present.set(present())
    try:
        yield
    finally:
        _present.reset(token)


def enter(organization: "HasKey | UUID | str") -> None:
    """From now on only this organization's rows; `kept` says until when."""
    key = organization if isinstance(organization, UUID | str) else organization.pk
    _present.set(replace(present(), role=APP, organization=str(key)))


def everywhere() -> None:
    """From now on rows of every organization; `kept` says until when."""
    _present.set(replace(present(), role=ACROSS, organization=""))


def act(**who: Any) -> None:
    """From now on this actor, by the fields of Actor; `kept` says until when."""
    actor = Actor(**{name: str(value) for name, value in who.items() if value})
    _present.set(replace(present(), actor=actor))


def known_as(user: "HasKey") -> None:
    """From now on done by this person, who came in just now; from where stays as it was."""
    _present.set(replace(present(), actor=replace(present().actor, user=str(user.pk))))


@contextmanager
def inside(organization: "HasKey | UUID | str", **who: Any) -> Iterator[None]:
    """Only this organization's rows, and where `who` says so done by another actor."""
    with kept():
        enter(organization)
        if who:
            act(**who)
        yield


@contextmanager
def across(**who: Any) -> Iterator[None]:
    """Rows of every organization: for what finds out where there is work, and for an operator's commands."""
    with kept():
        everywhere()
        if who:
            act(**who)
        yield


@contextmanager
def outside() -> Iterator[None]:
    """No organization, as before the door: whoever asks for a bank's rows nevertheless gets an error."""
    with kept():
        _present.set(Scope(role=APP))
        yield


@contextmanager
def nobody() -> Iterator[None]:
    """As the connection signed in: for what can't happen in a transaction, such as VACUUM."""
    with kept():
        _present.set(NOBODY)
        yield


def carried(items: Iterable[Item]) -> Iterator[Item]:
    """The items, made in the scope of now whenever they are asked for: a streamed answer outlives its request."""
    return _made_in(present(), iter(items))


def _made_in(wanted: Scope, source: Iterator[Item]) -> Iterator[Item]:
    while True:
        token = _present.set(wanted)
        try:
            item = next(source)
        except StopIteration:
            return
        finally:
            _present.reset(token)
        yield item
