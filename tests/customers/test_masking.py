"""What is left of a value when it is masked, and who sees which."""

from datetime import date
from typing import Any

import pytest

from console.customers import masking
from console.customers.masking import CLEAR, MASKED, Sight, looks_personal
from console.organizations.models import Organization, Role, Staff
from tests.conftest import signed_in
from tests.customers.files import export_of
from tests.factories import AccountFactory, AccountHolderFactory, CustomerFactory, StaffFactory
from tests.pages import names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jana Nováková", "J••• N•••"),
        ("Jan Amos Petr Komenský", "J••• K•••"),
        ("Plato", "P•••"),
        ("X", "•••"),
        ("O Li", "••• L•••"),
        ("  ", ""),
        ("", ""),
        ("יעל כהן", "י••• כ•••"),
        ("محمد", "م•••"),
        ("E\u0301va Tot", "E\u0301••• T•••"),
        ("李明", "李•••"),
        ("😀 😀😀", "••• 😀•••"),
    ],
)
def test_names_keep_the_first_letters_of_two_words(name: str, shown: str) -> None:
    assert masking.mask_name(name) == shown


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.mask_email, "jana.novakova@mail.example", "j•••@m•••.example"),
        (masking.mask_email, "j@m.cz", "•••@•••.cz"),
        (masking.mask_email, "jana@localhost", "j•••@l•••"),
        (masking.mask_email, "no address", "•••"),
        (masking.mask_email, "", ""),
        (masking.mask_phone, "+420 601 234 589", "••• 89"),
        (masking.mask_phone, "12345", "•••"),
        (masking.mask_phone, "", ""),
        (masking.mask_number, "CZ65 0800 0000 1920 0014 5399", "••• 5399"),
        (masking.mask_number, "1234567", "•••"),
        (masking.mask_value, date(1948, 5, 7), "1948"),
        (masking.mask_value, "1948-05-07", "1948"),
        (masking.mask_value, "1948-05-07T10:00:00", "1948"),
        (masking.mask_value, "Dlouhá 7", "•••"),
        (masking.mask_value, 48000, "•••"),
        (masking.mask_value, False, "•••"),
        (masking.mask_value, None, None),
        (masking.mask_value, {"city": "Brno"}, "•••"),
    ],
)
def test_each_kind_of_value_has_its_mask(mask: Any, value: Any, shown: Any) -> None:
    assert mask(value) == shown


def test_words_of_a_booking_stay_and_numbers_in_it_do_not() -> None:
    text = "Rent to CZ65 0800 0000 1920 0014 5399, 19-2000145399/0800, ask jana@mail.example; 3 of 12"
    shown = masking.mask_text(text)
    assert shown == "Rent to ••• 5399, ••• 0800, ask j•••@m•••.example; 3 of 12"


def test_a_sight_opens_what_was_revealed_and_no_more() -> None:
    customer = CustomerFactory.build(name="Jana Nováková", email="jana@mail.example", organization=None)
    phone = Sight(revealed=frozenset({"phone"}))
    assert (phone.phone("601 234 589"), phone.name(customer)) == ("601 234 589", "J••• N•••")
    assert CLEAR.name(customer) == "Jana Nováková"
    assert MASKED.name(CustomerFactory.build(name="", external_id="C-1", organization=None)) == "C-1"
    assert str(customer) == customer.external_id


@pytest.mark.parametrize("key", ["birth_date", "address.city", "homeAddress", "iban", "tax_id", "e-mail"])
def test_keys_that_describe_one_person_are_known(key: str) -> None:
    assert looks_personal(key)


@pytest.mark.parametrize("key", ["tier", "branch", "monthly_income", "uses_app", "segment_code"])
def test_keys_that_describe_many_are_left(key: str) -> None:
    assert not looks_personal(key)


@pytest.fixture
def jana(nordbank: Organization) -> Any:
    return CustomerFactory(
        organization=nordbank, external_id="C-7", name="Jana Nováková", email="jana@mail.example", phone="601"
    )


@pytest.mark.parametrize("found", ["jana nováková", "JANA NOVAKOVA", "Jana@Mail.example", "601", "C-"])
def test_masked_eyes_find_whom_they_know(found: str, jana: Any, vera: Staff) -> None:
    assert names(signed_in(vera), "/o/nordbank/customers/", q=found) == ["J••• N•••"]


@pytest.mark.parametrize(
    "part", ["jana", "j", "nov", "jana nov", "jana@", "jana@mail.exampl", "60", "novakova"]
)
def test_masked_eyes_spell_nobody_out(part: str, jana: Any, vera: Staff, olga: Staff) -> None:
    """A search that answers to a beginning says the name letter by letter."""
    AccountHolderFactory(account=AccountFactory(organization=jana.organization), customer=jana)
    for page in ("customers", "accounts"):
        assert names(signed_in(vera), f"/o/nordbank/{page}/", q=part) == []
    assert "J•••" not in signed_in(vera).get("/o/nordbank/search/", {"q": part}).content.decode()
    if "@" not in part and part != "60":
        assert names(signed_in(olga), "/o/nordbank/customers/", q=part) == ["Jana Nováková"]


def test_masked_eyes_get_no_order_by_name(nordbank: Organization, vera: Staff) -> None:
    """Where a name stands among others says how it begins, and the place of a page holds the name."""
    for number, name in enumerate(["Zora", "Adam", "Marek"]):
        CustomerFactory(organization=nordbank, name=name, external_id=f"C-{number}")
    assert names(signed_in(vera), "/o/nordbank/customers/", sort="name") == ["Z•••", "A•••", "M•••"]
    assert "sort=name" not in signed_in(vera).get("/o/nordbank/customers/").content.decode()


def test_a_masked_role_exports_masked_values(jana: Any, bob: Staff) -> None:
    text = export_of(bob)
    assert "J••• N•••" in text
    assert "Jana" not in text
    assert "jana@" not in text


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMIN])
def test_who_serves_customers_reads_them(role: str, jana: Any, nordbank: Organization) -> None:
    reader = StaffFactory(organization=nordbank, role=role)
    page = signed_in(reader).get(jana.get_absolute_url()).content.decode()
    assert "Jana Nováková" in page
    assert "jana@mail.example" in page
