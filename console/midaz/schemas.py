"""What requests and answers have in common: names in camelCase, status in two words, flat metadata, aware times."""

import re
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function

from console.metadata import KEY_BYTES, VALUE_BYTES


def refuse(code: str, words: str) -> PydanticCustomError:
    """A fault by its code among `console.midaz.faults`, for a validator to raise."""
    return PydanticCustomError(code, words)


def _flat(metadata: Any) -> Any:
    if not isinstance(metadata, dict):
        return metadata
    for key, value in metadata.items():
        if len(key.encode()) > KEY_BYTES:
            raise refuse("0050", f"“{key[:20]}…” is longer than {KEY_BYTES} bytes")
        if isinstance(value, dict):
            raise refuse("0067", f"“{key}” holds an object")
        if isinstance(value, list) or len(str(value).encode()) > VALUE_BYTES:
            raise refuse("0051", f"“{key}” is a list, or longer than {VALUE_BYTES} bytes")
        if isinstance(value, float) and not isfinite(value):
            raise refuse("0051", f"“{key}” is no number that JSON has")
    return metadata


FLAT = {
    "propertyNames": {"maxLength": KEY_BYTES},
    "additionalProperties": {
        "anyOf": [{"type": "string", "maxLength": VALUE_BYTES}, {"type": ["number", "boolean", "null"]}]
    },
}
Metadata = Annotated[dict[str, JsonValue], BeforeValidator(_flat), Field(json_schema_extra=FLAT)]
Name = Annotated[str, Field(min_length=1, max_length=256)]
Text = Annotated[str, Field(max_length=256)]


class Shape(BaseModel):
    """A body: names in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=False, validate_by_alias=True)


class Said(Shape):
    """A body of a request. Fields that are not known here, and the character NUL, are refused."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_nul(cls, body: Any) -> Any:
        if isinstance(body, dict) and (name := _with_nul(body)):
            raise refuse("0047", f"“{name}” has a character NUL in it")
        return body


def _with_nul(body: dict[str, Any]) -> str:
    """The first field whose text, or the text of whose own fields, has the character NUL."""
    for name, value in body.items():
        inner = value.values() if isinstance(value, dict) else [value]
        keys = value if isinstance(value, dict) else ()
        if any(isinstance(text, str) and "\0" in text for text in (name, *keys, *inner)):
            return name.replace("\0", "␀")
    return ""


class Status(Said):
    """How a record stands: a code of the client's own, and words to it."""

    code: Annotated[str, Field(max_length=100)] = ""
    description: Annotated[str, Field(max_length=256)] | None = None


class StatusOut(Shape):
    code: str
    description: str | None


class Out(Shape):
    """A record in an answer. What is not set is left out: metadata, where there are none."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    metadata: dict[str, JsonValue] = {}


class Stated(Said):
    """What may be said of every record with a status."""

    status: Status | None = None
    metadata: Metadata | None = None


class StatedOut(Out):
    status: StatusOut


def merged(metadata: dict[str, Any], change: dict[str, Any] | None) -> dict[str, Any]:
    """Metadata after a change, by RFC 7396: null takes a key out; null for all of it takes out every key."""
    if change is None:
        return {}
    return {key: value for key, value in {**metadata, **change}.items() if value is not None}


@dataclass(frozen=True)
class letters:  # noqa: N801  # reads as the annotation that it is
    """A text matches the pattern as a whole, or has the fault of `code`. The document says the pattern."""

    pattern: str
    code: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | {"pattern": f"^{self.pattern}$"}

    def check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise refuse(self.code, self.words)
        return text
