"""The API with the key of another bank: every operation and method, with ids that are real elsewhere."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from console.api import METHODS, api
from console.organizations.models import ApiKey
from tests.factories import a_key
from tests.walls.report import Walk
from tests.walls.walking import OURS, THEIRS, Bank, content, own, undone
from tests.walls.witness import Witness, first_wall_alone, written

# What a parameter takes that is no id, by the name of its type; a place in an app is one for banners too.
PLAIN = {"string": "home", "integer": 1, "number": 1, "boolean": True}
Operation = tuple[str, str, list[dict[str, Any]]]


def own_paths(schema: dict[str, Any]) -> dict[str, Any]:
    return {path: offered for path, offered in schema["paths"].items() if path.startswith("/api/v1/")}


def operations() -> Iterator[Operation]:
    """Each address of our own API with each method, and what the method takes: by the schema that systems read.

    That of Midaz, where one address has several ids, is walked in test_midaz.
    """
    schema = api.get_openapi_schema()
    for path, offered in own_paths(schema).items():
        every = [said for one in offered.values() for said in one.get("parameters", [])]
        for method in METHODS:
            one = offered.get(method.lower(), {"parameters": every})
            yield path, method, [*one.get("parameters", []), *in_body(one, schema)]


def in_body(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields of its body, said as parameters are."""
    content = operation.get("requestBody", {}).get("content", {})
    for name in (one["schema"].get("$ref", "").rpartition("/")[2] for one in content.values()):
        for field, said in schema["components"]["schemas"].get(name, {}).get("properties", {}).items():
            yield {"name": field, "in": "body", "schema": said}


def call(client: Client, operation: Operation, key: str) -> Any:
    """Call it with `key` wherever an id belongs: in the address, behind it and in the body."""
    path, method, takes = operation
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
    for one in takes:
        is_id = one["schema"].get("format") == "uuid"
        given[one["in"]][one["name"]] = key if is_id else PLAIN[one["schema"].get("type", "string")]
    url = path.format(**given["path"])
    return client.generic(
        method,
        url,
        query_params=given["query"],
        data=json.dumps({**given["query"], **given["body"]}),
        content_type="application/json",
    )


def bearer(key: tuple[ApiKey, str]) -> Client:
    return Client(headers={"Authorization": f"Bearer {key[1]}"})


@pytest.mark.django_db
def test_no_key_opens_anything_of_another_bank(ours: Bank, theirs: Bank, walk: Callable[[str], Walk]) -> None:
    mine, others = (bearer(a_key(bank, name="walker", calls_per_minute=60000)) for bank, _ in (ours, theirs))
    witness, tried = Witness(ours[0], theirs[0]), walk("ids to the API")
    answered: set[tuple[str, str]] = set()
    for operation in operations():
        path, method, _ = operation
        for key in sorted(witness.foreign):
            with undone():
                before = written()
                with first_wall_alone():
                    answer = call(mine, operation, key)
                faults = witness.faults() if written() > before else []
            tried.asked(path, "key", method, status=answer.status_code, ids=1)
            if not 400 <= answer.status_code < 500 or THEIRS in content(answer) or faults:
                tried.found(f"{method} {path} {key}: {answer.status_code} {faults[:3]}")
            with undone():
                if call(others, operation, key).status_code < 300:
                    answered.add((path, method))
    assert tried.leaks == []
    offered = {(p, m.upper()) for p, one in own_paths(api.get_openapi_schema()).items() for m in one}
    assert answered == offered, "with the right key each of them has an answer"


@pytest.mark.django_db
def test_a_key_opens_no_page(ours: Bank, walk: Callable[[str], Walk]) -> None:
    """Not even of its own bank: pages are for people."""
    client, tried = bearer(a_key(ours[0], name="walker")), walk("ids in addresses")
    for path, url in own(ours).items():
        answer = client.get(url)
        tried.asked(path, "key", "GET", status=answer.status_code)
        if answer.status_code != 302 or OURS in content(answer):
            tried.found(f"{url}: {answer.status_code}")
    assert tried.leaks == []
