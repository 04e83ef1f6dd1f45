"""The page on which the API is read says what the document says."""

import pytest
from django.test import Client

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
