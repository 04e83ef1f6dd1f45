"""Nordbank, counting in crowns as the files do."""

import pytest

from console.organizations.models import Organization


@pytest.fixture
def bank(nordbank: Organization) -> Organization:
    nordbank.base_currency = "CZK"
    nordbank.save()
    return nordbank
