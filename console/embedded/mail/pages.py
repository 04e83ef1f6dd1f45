"""The mail catcher's pages: what was caught, newest first, and one message as its reader would see it."""

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from console.embedded.mail import layout
from console.embedded.mail.store import Caught, Store

PAGE_SIZE = 50
STORE = web.AppKey("store", Store)
STYLE = Path(__file__).with_name("mail.css")
# A page of somebody else's making must not reach us under a name of theirs, nor our pages run anything.
OWN_NAMES = {"127.0.0.1", "localhost", "[::1]"}
STRICT = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# What a message brings may colour itself and show pictures that it carries, and nothing else.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"

routes = web.RouteTableDef()


def application(store: Store) -> web.Application:
    """The pages over this store."""
    app = web.Application(middlewares=[_guard])
    app[STORE] = store
    app.add_routes(routes)
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.host.rpartition(":")[0] not in OWN_NAMES:
        raise web.HTTPMisdirectedRequest(text="The mail catcher answers to localhost only.\n")
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise web.HTTPForbidden(text="Only the mail catcher's own page may do that.\n")
    response = await handler(request)
    response.headers.setdefault("Content-Security-Policy", STRICT)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.get("/")
async def messages(request: web.Request) -> web.Response:
    """Fifty at a time; `to` narrows by recipient, `before` goes on where a page ended."""
    store, to = request.app[STORE], request.query.get("to", "").strip()
    page = store.page(to=to, before=_number(request, "before"), size=PAGE_SIZE + 1)
    rows = [(caught, parse(caught.raw)) for caught in page[:PAGE_SIZE]]
    older = page[PAGE_SIZE - 1].id if len(page) > PAGE_SIZE else None
    text = layout.message_list(
        rows, to=to, count=store.count(to=to), older=older, is_first="before" not in request.query
    )
    return web.Response(text=text, content_type="text/html")


@routes.get("/messages.json")
async def messages_as_data(request: web.Request) -> web.Response:
    """For programs: newest first, `to` by recipient, `after` an id, at most `size` (1,000 unless told)."""
    store, to = request.app[STORE], request.query.get("to", "").strip()
    page = store.page(to=to, after=_number(request, "after") or 0, size=_number(request, "size") or 1000)
    found = [
        {
            "id": caught.id,
            "received_at": caught.received_at.isoformat(),
            "from": caught.sender,
            "to": caught.recipients,
            "subject": str(parse(caught.raw).get("Subject", "")),
        }
        for caught in page
    ]
    return web.json_response({"count": store.count(to=to), "messages": found})


@routes.get("/messages/{number:[0-9]+}")
async def message(request: web.Request) -> web.Response:
    """Who, when, what, as HTML in a sandbox and as text."""
    caught = _caught(request)
    return web.Response(text=layout.message(caught, parse(caught.raw)), content_type="text/html")


@routes.get("/messages/{number:[0-9]+}/html")
async def html_part(request: web.Request) -> web.Response:
    """The HTML alone, which may run nothing and fetch nothing."""
    text = layout.body(parse(_caught(request).raw), "html")
    response = web.Response(text=text or "", content_type="text/html")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@routes.get("/messages/{number:[0-9]+}/source")
async def source(request: web.Request) -> web.Response:
    """The bytes as they came."""
    return web.Response(body=_caught(request).raw, content_type="text/plain", charset="utf-8")


@routes.post("/clear")
async def clear(request: web.Request) -> web.Response:
    """Forget everything."""
    request.app[STORE].clear()
    raise web.HTTPSeeOther("/")


@routes.get("/mail.css")
async def style(request: web.Request) -> web.Response:
    """The one style sheet."""
    return web.Response(text=STYLE.read_text(), content_type="text/css")


def parse(raw: bytes) -> EmailMessage:
    """A message of bytes; broken ones parse too, with what can be told of them."""
    return BytesParser(policy=policy.default).parsebytes(raw)


def _caught(request: web.Request) -> Caught:
    caught = request.app[STORE].get(int(request.match_info["number"]))
    if caught is None:
        raise web.HTTPNotFound(text="There is no such message: it was cleared, or never came.\n")
    return caught


def _number(request: web.Request, name: str) -> int | None:
    text = request.query.get(name, "")
    return int(text) if text.isdigit() and len(text) < 19 else None
