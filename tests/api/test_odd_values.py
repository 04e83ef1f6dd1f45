"""What no form would let through is told its place, and is never our fault."""

from typing import Any

import pytest
from django.test import Client

from console.organizations.models import Organization
from tests.api.conftest import Call
from tests.factories import a_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/customers", "/segments", "/alerts", "/communications"])
def test_a_question_with_a_nul(call: Call, path: str) -> None:
    for name in ("name", "external_id", "cursor", "anything"):
        status, problem = call("GET", path, **{name: "a\0b"})
        assert (status, problem["errors"][0]["pointer"]) == (422, f"/query/{name}")


@pytest.mark.parametrize("data", [{"k": "\ud800"}, {"\udfff": 1}, {"k": ["a\0"]}, {"k": float("nan")}])
def test_data_that_is_no_text(call: Call, data: Any) -> None:
    status, problem = call("POST", "/customers", {"external_id": "C-1", "custom_data": data})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/body/custom_data")


def test_data_that_is_nested_without_end(call: Call) -> None:
    data: dict[str, Any] = {}
    for _ in range(95):
        data = {"a": data}
    assert call("POST", "/customers", {"external_id": "C-1", "custom_data": data})[0] == 201
    for _ in range(300):
        data = {"a": data}
    assert call("POST", "/customers", {"external_id": "C-2", "custom_data": data})[0] == 400


def test_data_with_characters_of_two_halves(call: Call) -> None:
    status, made = call("POST", "/customers", {"external_id": "C-1", "custom_data": {"k": "💶"}})
    assert (status, made["custom_data"]) == (201, {"k": "💶"})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"name": "A", "name": "B"}', "“name” stands twice in one object of the body. Keep one of them."),
        ('{"name": "A"', "The body is not JSON: line 1, column 13"),
        ("[" * 150 + "]" * 150, "nested more than 100 levels deep"),
        ("[" * 100_000, "nested more than 100 levels deep"),
        (b'{"name": "\xff"}', "The body is not UTF-8: byte 11"),
        ("9" * 5000, "too many digits"),
    ],
)
def test_a_body_that_cant_be_read_is_told_why(nordbank: Organization, body: Any, words: str) -> None:
    key = a_key(nordbank)[1]
    client = Client(headers={"Authorization": f"Bearer {key}"})
    problem = client.post("/api/v1/segments", body, content_type="application/json")
    assert (problem.status_code, words in problem.json()["detail"]) == (400, True), problem.json()
    midaz = client.post("/v1/organizations", body, content_type="application/json")
    is_twice = "twice" in words  # to clients of Midaz the last one counts
    assert is_twice or (midaz.status_code, words in midaz.json()["message"]) == (400, True), midaz.json()


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"id": "\0"}, "/id"),
        ({"path": ["\ud800"]}, "/path/0"),
        ({"id": float("nan")}, "/id"),
        ({"id": {"a/b~": float("inf")}}, "/id/a~1b~0"),
        ({"id": {"\ud800": 1}}, "/id"),
        ({"operator": "null", "value": "\0"}, "/value"),
        ({"operator": "notNull", "value": float("nan")}, "/value"),
    ],
)
def test_what_no_rule_of_a_segment_reads_can_be_kept_too(call: Call, more: Any, pointer: str) -> None:
    rule = {"field": "country", "operator": "=", "value": "CZ", **more}
    rules = {"combinator": "and", "rules": [rule]}
    status, problem = call("POST", "/segments", {"name": "Odd", "definition": rules})
    assert (status, problem["errors"][0]["pointer"]) == (422, f"/body/definition/rules/0{pointer}")
