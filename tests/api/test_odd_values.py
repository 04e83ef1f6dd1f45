"""What no form would let through is told its place, and is never our fault."""

from typing import Any

import pytest

from tests.api.conftest import Call

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
