"""The page on which the API is read says what the document says."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from console.api import api
from console.organizations.models import Staff
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_every_operation_stands_on_the_page(vera: Staff) -> None:
    page = signed_in(vera).get(vera.organization.url("reference")).content.decode()
    offered = [(m.upper(), path) for path, one in api.get_openapi_schema()["paths"].items() for m in one]
    assert len(offered) > 40
    for method, path in offered:
        assert f">{method} {path}<" in page
    assert "text, up to 256" in page
    assert "currency or crypto or commodity or others" in page


def test_the_document_is_for_everybody_and_describes_both_families(db: None) -> None:
    answer = Client().get("/api/openapi.json")
    paths = answer.json()["paths"]
    assert "/api/v1/decisions" in paths
    assert "/v1/organizations/{organization_id}/ledgers/{ledger_id}/accounts" in paths


def test_no_two_shapes_share_a_name() -> None:
    """A name in the document stands for one shape: the second of two would be described as the first."""
    shapes: dict[str, set[str]] = {}
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                bodies = [each for each in operation.models if each.__name__ == "BodyParams"]
                for model in [*bodies, *operation.response_models.values()]:
                    for each in named(model) if isinstance(model, type) else ():
                        shapes.setdefault(each.__name__, set()).add(f"{each.__module__}.{each.__qualname__}")
    assert {name: found for name, found in shapes.items() if len(found) > 1} == {}


def named(model: Any) -> Iterator[type[BaseModel]]:
    """The models that a model of a request or an answer is made of, not those that are made around them."""
    for field in model.model_fields.values():
        for each in inner(field.annotation):
            yield each
            yield from named(each)


def inner(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from inner(each)
