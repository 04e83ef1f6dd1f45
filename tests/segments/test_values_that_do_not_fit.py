"""Values that stood there before an attribute was declared: what does not fit is not set, and no page breaks on it."""

from typing import Any

import pytest

from console.customers.models import Attribute, Customer
from console.organizations.models import Organization, Staff
from segments import definition
from tests.conftest import signed_in
from tests.factories import NOW, CustomerFactory, SegmentFactory
from tests.segments.explained import clauses, page, refreshed, rule, rules, why

pytestmark = pytest.mark.django_db
ODD: dict[str, list[Any]] = {
    "number": ["12", "", "NaN", "Infinity", True, [1], {"a": 1}, None],
    "boolean": ["true", "yes", 1, 0, "", [True], {}, None],
    "date": [
        *(
            "0000-00-00",
            "YYYY-MM-DD",
            "????-??-??",
            "20260203",
            "3.2.2026",
            "2026-02-03T10:00",
            "",
            " 2026-02-3",
        ),
        *(20260203, True, ["2026-02-03"], None),
    ],
}
TESTS: dict[str, list[tuple[str, Any]]] = {
    "number": [("<", 1e6), (">=", -1e6), ("=", 12), ("between", [0, 100])],
    "boolean": [("=", True), ("=", False)],
    "date": [("<", "2027-01-01"), (">", "1800-01-01"), ("between", ["1800-01-01", "2999-12-31"])],
}


def declare(bank: Organization, type: str) -> Attribute:
    made: Attribute = bank.attributes.create(entity="customers", key="odd", type=type)
    return made


def found(bank: Organization, operator: str, value: Any) -> int:
    node = definition.parse(rules(rule("custom_data.odd", operator, value)), "customers", bank)
    return definition.ids(node, bank, NOW).count()


@pytest.mark.parametrize("type", ODD)
def test_what_does_not_fit_is_not_set(nordbank: Organization, type: str) -> None:
    for value in ODD[type]:
        CustomerFactory(organization=nordbank, custom_data={"odd": value})
    CustomerFactory(organization=nordbank, custom_data={})
    declare(nordbank, type)
    assert found(nordbank, "null", None) == len(ODD[type]) + 1
    for operator, value in TESTS[type]:
        assert found(nordbank, operator, value) == 0


LARGE: list[Any] = [
    10**27,
    10**28,
    10**40 + 1,
    -(10**300),
    1e300,
    1.5e-60,
    12345678901234567890123456789012.5,
]


@pytest.mark.parametrize("value", LARGE)
def test_a_number_of_any_size_is_counted_and_explained(
    nordbank: Organization, vera: Staff, value: Any
) -> None:
    declare(nordbank, "number")
    customer = CustomerFactory(organization=nordbank, custom_data={"odd": value})
    (said,) = clauses(why(customer, rule("custom_data.odd", ">", 7)))
    assert said[1] == (value > 7)
    segment = SegmentFactory(
        organization=nordbank, definition=rules(rule("custom_data.odd", ">", 7)), name="Odd"
    )
    refreshed(segment)
    assert segment.member_count == (1 if value > 7 else 0)
    assert "Odd" in page(vera, "why", segment.pk, customer.pk)
    client = signed_in(vera)
    assert client.get(customer.get_absolute_url()).status_code == 200
    assert client.get(nordbank.url("customers:customer_list"), {"columns": "data.odd"}).status_code == 200


def test_every_digit_of_a_long_number_is_said(nordbank: Organization) -> None:
    declare(nordbank, "number")
    customer = CustomerFactory(organization=nordbank, custom_data={"odd": 12345678901234567890123456789012})
    assert clauses(why(customer, rule("custom_data.odd", ">", 7)))[0][2] == (
        "12,345,678,901,234,567,890,123,456,789,012"
    )


def test_a_day_that_its_month_lacks_is_said_as_it_stands(nordbank: Organization) -> None:
    declare(nordbank, "date")
    customer: Customer = CustomerFactory(organization=nordbank, custom_data={"odd": "2026-02-30"})
    assert clauses(why(customer, rule("custom_data.odd", ">", "2026-02-28")))[0][1:] == (True, "2026-02-30")
    assert clauses(why(customer, rule("custom_data.odd", "<", "2026-03-01")))[0][1] is True
