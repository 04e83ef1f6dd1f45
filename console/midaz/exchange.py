"""A key of the API for an access token that lives an hour, as OAuth 2.0 client credentials (RFC 6749, section 4.4)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from ninja import Router
from pydantic import AliasChoices, BaseModel, Field

from console.bearer import calls
from console.midaz.faults import Refused
from console.midaz.schemas import Shape
from console.organizations import scope
from console.organizations.models import ApiKey
from console.organizations.tokens import LIFE, token_for

router = Router(tags=["login"], auth=None)
# JSON that is none or nested without end; a form that is none; more than anybody who asks for a token has to say.
UNREADABLE = (ValueError, RecursionError, MultiPartParserError, SuspiciousOperation)


class TokenOut(Shape):
    """`accessToken` is sent as a bearer token; it opens what the key opens, until `expiresAt` or the key's end."""

    access_token: str
    token_type: str
    expires_at: datetime


class _Asked(BaseModel):
    """The client's id is how its key begins; its secret is the rest of the key, or the whole of it."""

    grant: str = Field("", validation_alias=AliasChoices("grantType", "grant_type"))
    client: str = Field("", validation_alias=AliasChoices("clientId", "client_id"))
    secret: str = Field("", validation_alias=AliasChoices("clientSecret", "client_secret"))


ASKED = {
    "type": "object",
    "required": ["grantType", "clientId", "clientSecret"],
    "properties": {
        "grantType": {"type": "string", "enum": ["client_credentials"]},
        "clientId": {"type": "string", "description": "How the key begins, up to the point."},
        "clientSecret": {"type": "string", "description": "The rest of the key, or the whole of it."},
    },
}


@router.post(
    "/access_token",
    response=TokenOut,
    by_alias=True,
    summary="Exchange a key for an access token",
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": ASKED}}}},
)
def access_token(request: HttpRequest) -> Any:
    """Takes grantType (client_credentials), clientId and clientSecret, as JSON or as a form."""
    asked = _asked(request)
    if asked.grant != "client_credentials":
        raise Refused("0047", fields={"grantType": "client_credentials"})
    plain = asked.secret if asked.secret.startswith(f"{asked.client}.") else f"{asked.client}.{asked.secret}"
    now = timezone.now()
    with scope.across():
        key = ApiKey.verify(plain, at=now) if plain.isascii() and plain.isprintable() else None
    if key is None:
        raise Refused("0042")
    calls.count(key)
    until = min(now + timedelta(seconds=LIFE), key.expires_at).astimezone(UTC)
    return {"accessToken": token_for(key), "tokenType": "Bearer", "expiresAt": until}


def _asked(request: HttpRequest) -> _Asked:
    """What the body says. Raises Refused 0094."""
    try:
        said = json.loads(request.body) if request.content_type == "application/json" else request.POST.dict()
        return _Asked.model_validate(said)
    except UNREADABLE as error:
        raise Refused("0094", why="The body is neither JSON nor a form with texts.") from error
