"""What a template says, in Liquid."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Content:
    """Subject, HTML and text of an email, in Liquid. An empty text is written from the HTML."""

    subject: str
    html: str
    text: str = ""
