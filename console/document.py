"""The document of the API, with what every operation has beside its own: how errors look, and headers."""

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from console.midaz.faults import FAULTS

TEXT = {"type": "string"}
REQUEST_ID = {"X-Request-Id": {"description": "The caller's own id of the request, or ours.", "schema": TEXT}}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"required": True, "schema": TEXT}},
    429: {"Retry-After": {"required": True, "description": "Seconds.", "schema": TEXT}},
}
COUNT = {"X-Total-Count": {"required": True, "description": "How many there are.", "schema": TEXT}}
REPLAYED = {
    "X-Idempotency-Replayed": {
        "description": "Whether it was answered before, where the request had a key for that.",
        "schema": {"enum": ["true", "false"]},
    }
}

MIDAZ = {
    "title": "Error",
    "description": "What was wrong, as clients of Midaz know it.",
    "type": "object",
    "required": ["code", "title", "message"],
    "properties": {
        "code": {"type": "string", "enum": sorted(FAULTS)},
        "title": TEXT,
        "message": TEXT,
        "entityType": {**TEXT, "description": "What it is about."},
        "fields": {"type": "object", "description": "Where the fault is, and what to do about it."},
    },
    "additionalProperties": False,
}
PROBLEM = {
    "title": "Problem",
    "description": "What was wrong, as RFC 9457 says it.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "instance": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": TEXT, "detail": TEXT},
            },
        },
    },
}
READING, WRITING = {400, 404}, {400, 404, 409, 422}
ANYWAY = {401, 403, 429, 500}


class DocumentedAPI(NinjaAPI):
    """Says of each operation also what may go wrong: the same everywhere, so it is said here once."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        schema["components"]["schemas"] |= {"Error": MIDAZ, "Problem": PROBLEM}
        for path, offered in schema["paths"].items():
            for method, operation in offered.items():
                complete(path, method, operation["responses"])
        return schema


def complete(path: str, method: str, answers: dict[int, Any]) -> None:
    """Add errors and headers to the answers of an operation."""
    is_midaz = path.startswith("/v1/")
    for status in sorted(ANYWAY | statuses(method, is_midaz=is_midaz)):
        answers.setdefault(status, error(status, is_midaz=is_midaz))
    for status, answer in answers.items():
        headers = REQUEST_ID | HEADERS.get(int(status), {})
        if path.endswith("/metrics/count") and int(status) < HTTPStatus.BAD_REQUEST:
            headers = headers | COUNT
        if is_midaz and int(status) == HTTPStatus.CREATED:
            headers = headers | REPLAYED
        answer["headers"] = headers


def statuses(method: str, *, is_midaz: bool) -> set[int]:
    """What may be wrong with a request of this method beside the caller."""
    if not is_midaz:
        return {404, 422} if method == "get" else WRITING
    return WRITING if method in ("post", "patch", "delete") else READING


def error(status: int, *, is_midaz: bool) -> dict[str, Any]:
    """One answer that tells an error."""
    name, media = ("Error", "application/json") if is_midaz else ("Problem", "application/problem+json")
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": HTTPStatus(status).phrase, "content": {media: {"schema": schema}}}
