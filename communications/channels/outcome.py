"""What became of one try, whichever way it went."""

from dataclasses import dataclass

from communications.models import Attempt, Suppression

Kind = Attempt.Outcome
ANSWER_LENGTH = 1000


@dataclass(frozen=True)
class Outcome:
    """`note` is for staff; `answer` is what the other side said. `retry_after` is its wish in seconds.

    `suppress` is the reason to send nothing more to this address; `is_gone` says that the endpoint wants no more.
    """

    kind: Kind
    note: str
    code: int | None = None
    answer: str = ""
    retry_after: float | None = None
    suppress: Suppression.Reason | None = None
    is_gone: bool = False


def clean(text: str | bytes) -> str:
    """An answer as it may be kept: text without NUL, up to 1,000 characters."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return words.replace("\x00", "").strip()[:ANSWER_LENGTH]
