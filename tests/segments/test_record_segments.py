"""Which segments a customer or an account is in: a page of its own, and a card on the record's page."""

from typing import Any

import pytest

from console.organizations.models import Organization, Staff
from segments.models import AccountMembership, CustomerMembership
from tests.conftest import signed_in
from tests.factories import NOW, AccountFactory, CustomerFactory, SegmentFactory

KINDS = ["customer", "account"]


def a_record(organization: Organization, kind: str, *, in_segment: str = "") -> Any:
    """A customer or an account, in a segment of this name if one is given."""
    factory = CustomerFactory if kind == "customer" else AccountFactory
    membership = CustomerMembership if kind == "customer" else AccountMembership
    record: Any = factory(organization=organization)
    if in_segment:
        segment = SegmentFactory(organization=organization, name=in_segment, population=f"{kind}s")
        membership.objects.create(
            organization=organization, segment=segment, entered_at=NOW, **{kind: record}
        )
    return record


@pytest.mark.parametrize("kind", KINDS)
class TestSegmentsOfARecord:
    def test_they_are_named_with_since_when(self, vera: Staff, kind: str) -> None:
        record = a_record(vera.organization, kind, in_segment="Friends")
        text = (
            signed_in(vera)
            .get(vera.organization.url(f"segments:{kind}_segments", record.pk))
            .content.decode()
        )
        assert ">Friends</a>" in text
        assert "22 Nov 2026, 10:42" in text

    def test_one_in_none_is_told_so(self, vera: Staff, kind: str) -> None:
        record = a_record(vera.organization, kind)
        text = (
            signed_in(vera)
            .get(vera.organization.url(f"segments:{kind}_segments", record.pk))
            .content.decode()
        )
        assert "In no segment" in text

    def test_the_page_of_the_record_asks_for_the_card(self, vera: Staff, kind: str) -> None:
        record = a_record(vera.organization, kind, in_segment="Friends")
        client, url = signed_in(vera), vera.organization.url(f"segments:{kind}_segments", record.pk)
        region = f"{kind}-segments"
        assert (
            f'hx-get="{url}" hx-trigger="load" hx-target="#{region}"'
            in client.get(record.get_absolute_url()).content.decode()
        )
        card = client.get(url, headers={"HX-Request": "true", "HX-Target": region}).content.decode()
        assert ">Friends</a>" in card
        assert "<html" not in card

    def test_those_of_another_bank_have_no_page_here(self, vera: Staff, charlie: Staff, kind: str) -> None:
        stranger = a_record(charlie.organization, kind)
        url = vera.organization.url(f"segments:{kind}_segments", stranger.pk)
        assert signed_in(vera).get(url).status_code == 404

    def test_it_is_only_read(self, vera: Staff, kind: str) -> None:
        record = a_record(vera.organization, kind)
        url = vera.organization.url(f"segments:{kind}_segments", record.pk)
        assert signed_in(vera).post(url).status_code == 405
