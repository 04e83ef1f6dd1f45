"""The API to read, for whoever writes a client: every operation of the document /api/openapi.json, in words."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.api import api
from console.organizations.access import StaffRequest, allowed

KINDS = {
    "uuid": "id (UUID)",
    "date-time": "moment (ISO 8601, UTC)",
    "date": "day",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "null": "null",
}
Said = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A field or parameter: its name, what it may be, whether it must be there, what is said of it."""

    name: str
    kind: str
    is_required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """What one method does at one address."""

    method: str
    path: str
    summary: str
    words: str
    takes: list[Field]
    gives: list[tuple[str, list[Field]]]

    @property
    def anchor(self) -> str:
        """Where the operation stands on the page."""
        return f"{self.method}{self.path}".lower().translate(str.maketrans("/{}", "---"))


@require_safe
@allowed("view")
def reference(request: StaffRequest) -> HttpResponse:
    """Every operation, by what it is about."""
    context = {
        "groups": groups(),
        "document": f"{settings.PUBLIC_URL}/api/openapi.json",
        "base": settings.PUBLIC_URL,
    }
    return render(request, "reference.html", context)


@cache
def groups() -> list[tuple[str, list[Operation]]]:
    """The operations by their first tag, in the order of the document."""
    schema: Said = api.get_openapi_schema()
    found: dict[str, list[Operation]] = {}
    for path, offered in schema["paths"].items():
        for method, said in offered.items():
            tag = said.get("tags", ["other"])[0].replace("-", " ").capitalize()
            found.setdefault(tag, []).append(operation(path, method.upper(), said, schema))
    return list(found.items())


def operation(path: str, method: str, said: Said, schema: Said) -> Operation:
    """One operation in words."""
    parameters = [
        Field(
            each["name"],
            kind(each["schema"], schema),
            each.get("required", False),
            "in the address" if each["in"] == "path" else each["schema"].get("description", ""),
        )
        for each in said.get("parameters", [])
    ]
    return Operation(
        method,
        path,
        said.get("summary", ""),
        said.get("description", ""),
        parameters + fields(said.get("requestBody", {}), schema),
        [
            (str(status), fields(answer, schema))
            for status, answer in said["responses"].items()
            if status < 400
        ],
    )


def fields(body: Said, schema: Said) -> list[Field]:
    """The fields of a body."""
    whole = resolved(body.get("content", {}).get("application/json", {}).get("schema", {}), schema)
    required = whole.get("required", [])
    return [
        Field(name, kind(said, schema), name in required, said.get("description", ""))
        for name, said in whole.get("properties", {}).items()
    ]


def resolved(said: Said, schema: Said) -> Said:
    """What a reference points to; anything else as it is."""
    name = said.get("$ref", "").rpartition("/")[2]
    found: Said = schema["components"]["schemas"][name] if name else said
    return found


def kind(said: Said, schema: Said) -> str:
    """What a value may be, in a few words."""
    if "anyOf" in said:
        return " or ".join(dict.fromkeys(kind(one, schema) for one in said["anyOf"]))
    whole = resolved(said, schema)
    if "enum" in whole:
        return " or ".join(str(one) for one in whole["enum"] if one != "")
    if "const" in whole:
        return str(whole["const"])
    if whole.get("type") == "array":
        return f"list of {kind(whole.get('items', {}), schema)}"
    if whole.get("properties"):
        return f"object of {', '.join(whole['properties'])}"
    words = KINDS.get(whole.get("format", ""), KINDS.get(whole.get("type", ""), "anything"))
    return f"{words}, up to {whole['maxLength']:,}" if "maxLength" in whole else words
