"""What needs four eyes. The apps above say how their things are asked for and made active; none is imported here."""

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from console.organizations.models import Approval, Staff

Pairs = list[tuple[str, str]]


class Impossible(Exception):
    """What is asked for can't be had as things stand; the message says why."""


@dataclass(frozen=True)
class Proposal:
    """What would become active, as it stands at this moment.

    `content` is everything that the approval is bound to, as JSON; `after` says it in words. `before` is what is so
    now; None: what was approved last. `audience` is how many customers or accounts it reaches, where it reaches any.
    """

    title: str
    content: dict[str, Any]
    after: Pairs
    before: Pairs | None = None
    audience: int | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content."""
        written = json.dumps(self.content, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Look:
    """What whoever decides looks at beside the words of a request.

    `pages` are what it is made of, as (words, address); `figures` how things stand at this moment, for
    components/stats.html; `template` shows it as customers will see it, and is given `shown`.
    """

    pages: list[tuple[str, str]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    template: str = ""
    shown: dict[str, Any] = field(default_factory=dict)


class Kind(ABC):
    """One kind of thing that needs approval, such as a campaign. `asks` is the permission of those who may ask.

    `done` says what is so once it was approved.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    asks: ClassVar[str]
    done: ClassVar[str] = "it is active now."

    @abstractmethod
    def hold(self, approval: "Approval") -> Any:
        """The subject, locked until the transaction ends, as it is now.

        Raises Impossible when it is gone, or can't become active from the state it is in.
        """

    @abstractmethod
    def proposal(self, thing: Any, approval: "Approval", *, at: datetime) -> Proposal:
        """What would become active with it."""

    @abstractmethod
    def apply(self, thing: Any, approval: "Approval", *, by: "Staff", at: datetime) -> None:
        """Make active what was approved; `by` is the last checker. The caller's transaction and locks are held.

        Raises Impossible when what it does turns out to be something else: then nothing of it stays.
        """

    @abstractmethod
    def url(self, approval: "Approval") -> str:
        """The page of the subject."""

    def look(self, thing: Any, approval: "Approval", *, by: "Staff", at: datetime) -> Look:
        """What `by` looks at before deciding, while it waits; personal data as their role sees them."""
        return Look()

    def story(self, approval: "Approval") -> list[dict[str, Any]]:
        """What happened with it after it was approved, for components/timeline.html."""
        return []

    def offer(self, approval: "Approval", staff: "Staff", *, at: datetime) -> tuple[str, str] | None:
        """What the approved request lets this person do now, as (words, address)."""
        return None

    def is_about(self, approval: "Approval", staff: "Staff") -> bool:
        """Whether it is about this person, who then does not decide on it."""
        return False

    def why_changed(self, thing: Any, approval: "Approval", now: Proposal) -> str:
        """Words for a fingerprint that is not what was asked for: which of the words differ."""
        asked, found = dict(approval.after), dict(now.after)
        changed = [label for label in {**asked, **found} if asked.get(label) != found.get(label)]
        return f"Changed after it was asked for: {', '.join(changed) or 'something that has no words'}."[:300]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called by an app that is ready, once for each of its kinds."""
    KINDS[kind.name] = kind
