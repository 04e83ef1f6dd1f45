"""The HTML of the mail catcher's pages. Everything that came from outside passes through `escape`."""

from email.message import EmailMessage
from html import escape
from urllib.parse import urlencode

from console.embedded.mail.store import Caught

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Mail catcher</title><link rel="stylesheet" href="/mail.css"></head>
<body><header><a href="/">Mail catcher</a>
<span>What the console sent from this machine. Nothing of it left.</span></header>
<main>{main}</main></body></html>
"""


def message_list(
    rows: list[tuple[Caught, EmailMessage]], *, to: str, count: int, older: int | None, is_first: bool
) -> str:
    """The list with its search, `count` of all that match, and the way to older ones."""
    search = (
        '<form method="get" action="/" role="search"><label for="to">Recipient contains</label>'
        f'<input id="to" name="to" type="search" value="{escape(to)}"><button>Search</button></form>'
    )
    clear = (
        '<form method="post" action="/clear"><button>Clear all</button></form>' if count and not to else ""
    )
    heading = (
        f"<h1>{count:,} {'message' if count == 1 else 'messages'}{' to ' + escape(to) if to else ''}</h1>"
    )
    main = f'<div class="bar">{heading}{search}{clear}</div>{_table(rows) if rows else _empty(to)}'
    return FRAME.format(title="Messages", main=main + _paging(to, older, is_first))


def _table(rows: list[tuple[Caught, EmailMessage]]) -> str:
    head = "".join(f"<th scope=col>{name}</th>" for name in ("Subject", "To", "From", "Received, UTC"))
    lines = "".join(
        f'<tr><td><a href="/messages/{caught.id}">{_header(parsed, "Subject") or "(no subject)"}</a></td>'
        f"<td>{_addresses(caught.recipients)}</td><td>{escape(caught.sender)}</td><td>{_time(caught)}</td></tr>"
        for caught, parsed in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _empty(to: str) -> str:
    if to:
        return f'<p class="empty">Nothing went to an address with “{escape(to)}” in it. <a href="/">Show all</a></p>'
    return '<p class="empty">No mail yet. Whatever the console sends to customers or staff arrives here.</p>'


def _paging(to: str, older: int | None, is_first: bool) -> str:
    narrowed = {"to": to} if to else {}
    links = []
    if not is_first:
        links.append(f'<a href="/?{escape(urlencode(narrowed))}">Newest</a>')
    if older is not None:
        links.append(f'<a rel="next" href="/?{escape(urlencode(narrowed | {"before": older}))}">Older</a>')
    return f'<nav aria-label="Pages">{" ".join(links)}</nav>' if links else ""


def message(caught: Caught, parsed: EmailMessage) -> str:
    """One message: envelope, headers, both bodies."""
    facts = [
        ("From", _header(parsed, "From") or escape(caught.sender)),
        ("To", _addresses(caught.recipients)),
        ("Received", f"{_time(caught)} UTC"),
        *(
            (escape(name), escape(str(value)))
            for name, value in parsed.items()
            if name.lower() not in SHOWN_APART
        ),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    parts = "".join(f"<li>{escape(name)}</li>" for name in _attachments(parsed))
    main = f"<h1>{_header(parsed, 'Subject') or '(no subject)'}</h1><dl>{listed}</dl>"
    if body(parsed, "html") is not None:
        frame = f'<iframe sandbox title="The message as HTML" src="/messages/{caught.id}/html"></iframe>'
        main += f"<h2>As HTML</h2>{frame}"
    if (text := body(parsed, "plain")) is not None:
        main += f"<h2>As text</h2><pre>{escape(text)}</pre>"
    main += f"<h2>Attachments</h2><ul>{parts}</ul>" if parts else ""
    main += f'<p><a href="/messages/{caught.id}/source">Source</a> <a href="/">All messages</a></p>'
    return FRAME.format(title=_header(parsed, "Subject") or "(no subject)", main=main)


SHOWN_APART = {"from", "to", "subject"}


def body(parsed: EmailMessage, kind: str) -> str | None:
    """The body of that kind, `html` or `plain`; None where the message has none."""
    part = parsed.get_body((kind,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    return (
        payload.decode(part.get_content_charset("utf-8"), errors="replace")
        if isinstance(payload, bytes)
        else None
    )


def _attachments(parsed: EmailMessage) -> list[str]:
    return [part.get_filename() or part.get_content_type() for part in parsed.iter_attachments()]


def _header(parsed: EmailMessage, name: str) -> str:
    return escape(str(parsed.get(name, "")))


def _addresses(addresses: tuple[str, ...]) -> str:
    more = f" and {len(addresses) - 3} more" if len(addresses) > 3 else ""
    return escape(", ".join(addresses[:3]) + more)


def _time(caught: Caught) -> str:
    at = caught.received_at
    return f'<time datetime="{at.isoformat()}">{at:%d %b %Y %H:%M:%S}</time>'
