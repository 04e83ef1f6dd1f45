"""A search spells out no number and no address that the list of transactions masks."""

import pytest

from console.customers.masking import mask_name
from console.organizations.models import Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, CustomerFactory, TransactionFactory

pytestmark = pytest.mark.django_db
ROWS = {"HX-Request": "true", "HX-Target": "transaction-rows"}


@pytest.mark.parametrize(
    ("asked", "for_masked"),
    [
        ("1920", False),
        ("0014 53", False),
        ("200014", False),
        ("novak", False),
        ("jana.n", False),
        ("rent", True),
        ("kavárna", True),
        ("T7", True),
    ],
)
def test_masked_eyes_find_the_words_alone(vera: Staff, olga: Staff, asked: str, for_masked: bool) -> None:
    account = AccountFactory(organization=vera.organization)
    TransactionFactory(
        account=account,
        external_id="T7",
        description="Rent for CZ65 0800 0000 1920 0014 5399 by jana.novakova@mail.example",
        counterparty="Kavárna 19-2000145399/0800",
    )

    def finds(staff: Staff) -> bool:
        answer = signed_in(staff).get(account.get_absolute_url(), {"q": asked}, headers=ROWS)
        return "Rent for" in answer.content.decode()

    assert finds(vera) is for_masked
    assert finds(olga)


@pytest.mark.parametrize("name", ["Jana Nováková", "jana novakova"])
def test_another_customer_is_masked_as_counterparty_and_not_found_by_it(
    vera: Staff, olga: Staff, name: str
) -> None:
    CustomerFactory(organization=vera.organization, name="Jana Nováková")
    CustomerFactory(name="Kavárna Slavia")  # of another bank
    account = AccountFactory(organization=vera.organization)
    for party in (name, "Kavárna Slavia", ""):
        TransactionFactory(account=account, counterparty=party, description="Rent")

    def shown(staff: Staff, asked: str = "") -> str:
        page = account.get_absolute_url()
        return signed_in(staff).get(page, {"q": asked}, headers=ROWS).content.decode()

    assert name in shown(olga)
    assert name not in shown(vera)
    assert mask_name(name) in shown(vera)
    assert "Kavárna Slavia" in shown(vera)
    assert mask_name(name) not in shown(vera, "nov")
    assert "Slavia" in shown(vera, "slav")
