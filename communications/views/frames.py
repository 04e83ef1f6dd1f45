"""Pages for sandboxed frames: what staff wrote is shown there, and can do nothing."""

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Whatever the HTML holds, nothing runs, nothing is sent, nothing is loaded but images and its own styles.
POLICY = (
    "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; font-src https: data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEAD = SafeString(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Preview</title>'
    "<style>body { font: 14px/20px sans-serif; color: #a1231a; padding: 8px 14px; }</style>"
)


def framed(html: str) -> HttpResponse:
    """The HTML part of an email, alone."""
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def framed_words(*lines: str) -> HttpResponse:
    """Words in place of an email that can't be shown."""
    return framed(format_html("{}{}", HEAD, format_html_join("", "<p>{}</p>", ((line,) for line in lines))))
