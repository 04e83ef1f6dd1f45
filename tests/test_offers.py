"""Nobody is offered what their role may not do: every link and form of the pages that the rail leads to."""

import re

import pytest
from django.urls import resolve

from communications.models import Message
from console.navigation import GROUPS
from console.organizations.access import POLICY
from console.organizations.models import Organization, Role
from tests.communications.factories import communication, segment_with, sent_by
from tests.conftest import signed_in
from tests.factories import CustomerFactory, StaffFactory

pytestmark = pytest.mark.django_db
PAGES = [name for _, items in GROUPS for _, name, _ in items]
ADDRESS = re.compile(r'(?:href|action|hx-get|hx-post)="(/o/nordbank/[^"?#]*)')


def offered(page: str) -> dict[str, str]:
    """The addresses that a page leads to, with the permission that each needs."""
    return {
        address: resolve(address).func.permission  # type: ignore[attr-defined]  # `allowed` writes it there
        for address in ADDRESS.findall(page)
    }


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("is_empty", [True, False])
def test_pages_of_the_rail_offer_what_the_role_may_do(
    nordbank: Organization, role: str, is_empty: bool
) -> None:
    if not is_empty:
        letter = communication(nordbank, segment_with(nordbank, CustomerFactory(organization=nordbank)))
        sent_by(letter, StaffFactory(organization=nordbank, role=Role.ADMIN))
        Message.objects.update(state=Message.State.UNCERTAIN)
    client = signed_in(StaffFactory(organization=nordbank, role=role))
    for name in [*PAGES, "communications:endpoint_list", "communications:message_list"]:
        page = client.get(nordbank.url(name)).content.decode()
        beyond = {at: need for at, need in offered(page).items() if role not in POLICY[need]}
        assert beyond == {}, name
