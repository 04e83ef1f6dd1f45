"""The API with the key of another bank: every operation and method, with ids that are real elsewhere."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from console.api import METHODS, api
from console.organizations.models import ApiKey, Organization
from segments.schemas import EVERYONE
from tests.factories import NOW, SegmentFactory, a_key
from tests.walls.report import Walk
from tests.walls.walking import OURS, THEIRS, Bank, content, own, undone
from tests.walls.witness import Witness, first_wall_alone, written

# What a parameter takes that is no id, by the name of its type; a place in an app is one for banners too.
PLAIN = {"string": "home", "integer": 1, "number": 1, "boolean": True}
Operation = tuple[str, str, list[dict[str, Any]]]
Ids = Callable[[str], str]


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
        whole = schema["components"]["schemas"].get(name, {})
        for field, said in whole.get("properties", {}).items():
            is_required = field in whole.get("required", [])
            yield {"name": field, "in": "body", "schema": said, "required": is_required}


def call(client: Client, operation: Operation, named: Ids) -> Any:
    """Call it with an id wherever one belongs: in the address, behind it and in the body. `named` gives it by its name.

    What may be left unsaid and is no id is left unsaid; what must be said is what the document has as an example.
    """
    path, method, takes = operation
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
    for one in takes:
        if is_id(one):
            given[one["in"]][one["name"]] = named(one["name"])
        elif one["required"]:
            said = one["schema"]
            given[one["in"]][one["name"]] = said.get("examples", [PLAIN.get(said.get("type"))])[0]
    url = path.format(**given["path"])
    return client.generic(
        method,
        url,
        query_params=given["query"],
        data=json.dumps({**given["query"], **given["body"]} if method != "GET" else {}),
        content_type="application/json",
    )


def names_ids(operation: Operation) -> bool:
    """Whether it is about a thing that it names; a list may be asked for what has to do with a thing, and is empty."""
    return any(is_id(one) and one["in"] != "query" for one in operation[2]) or operation[0].endswith(
        "decisions"
    )


def ids_of(bank: Organization) -> Ids:
    """An id of the bank for what a parameter calls it."""
    rows: dict[str, Any] = {
        "customer_id": bank.customers,
        "account_id": bank.accounts,
        "member_id": bank.customers,
        "segment_id": bank.segments.filter(name="Unused"),
        "communication_id": bank.configurations,
        "message_id": bank.messages,
        "campaign_id": bank.campaigns,
        "alert_id": bank.alerts,
        "decision": bank.impressions,
        "invoice_id": bank.invoices,
        "method_id": bank.payment_methods,
        "connector_id": bank.connectors,
        "contact_id": bank.contacts,
        "monitor_id": bank.monitors,
        "attribute_id": bank.attributes,
    }
    opaque = str(bank.customers.first().opaque_id)
    return lambda name: opaque if name == "customer" else str(rows[name].first().pk)


def always(key: str) -> Ids:
    """The same id whatever a parameter is called."""
    return lambda _: key


def is_id(one: dict[str, Any]) -> bool:
    """Whether a parameter or field takes a UUID."""
    said = one["schema"]
    return any(each.get("format") == "uuid" for each in (said, *said.get("anyOf", [])))


def bearer(key: tuple[ApiKey, str]) -> Client:
    return Client(headers={"Authorization": f"Bearer {key[1]}"})


@pytest.mark.django_db
def test_no_key_opens_anything_of_another_bank(ours: Bank, theirs: Bank, walk: Callable[[str], Walk]) -> None:
    mine, others = (bearer(a_key(bank, name="walker", calls_per_minute=60000)) for bank, _ in (ours, theirs))
    for bank, _ in (ours, theirs):
        unused = SegmentFactory(organization=bank, name="Unused", definition=EVERYONE)
        unused.save_definition({**EVERYONE, "not": True}, by=None, at=NOW)
    witness, tried = Witness(ours[0], theirs[0]), walk("ids to the API")
    answered: set[tuple[str, str]] = set()
    offered = own_paths(api.get_openapi_schema())
    for operation in operations():
        path, method, _ = operation
        is_offered = operation[1].lower() in offered[path]
        takes_ids = any(map(is_id, operation[2]))
        for key in sorted(witness.foreign) if is_offered and takes_ids else [min(witness.foreign)]:
            with undone():
                before = written()
                with first_wall_alone():
                    answer = call(mine, operation, always(key))
                faults = witness.faults() if written() > before else []
            tried.asked(path, "key", method, status=answer.status_code, ids=1)
            is_empty = answer.status_code < 300 and not names_ids(operation) and key not in content(answer)
            is_refused = 400 <= answer.status_code < 500
            if not (is_refused or is_empty) or THEIRS in content(answer) or faults:
                tried.found(f"{method} {path} {key}: {answer.status_code} {faults[:3]}")
        with undone():
            if call(others, operation, ids_of(theirs[0])).status_code < 300:
                answered.add((path, method))
    assert tried.leaks == []
    assert answered == {(p, m.upper()) for p, one in offered.items() for m in one}, (
        "with the right key each of them has an answer"
    )


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
