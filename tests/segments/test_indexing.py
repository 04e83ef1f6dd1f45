"""An attribute that is filtered often gets an index that the compiled rules use, and loses it when it no longer is."""

import io
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from console.customers.keeping import keep_attribute, mark
from console.customers.models import Attribute
from console.organizations import scope
from console.organizations.models import Organization
from segments import definition
from segments.attributes import indexing
from segments.attributes.states import states_of
from segments.management.commands import index_attributes
from tests.factories import NOW, CustomerFactory, OrganizationFactory
from tests.imports.files import imported, refused

pytestmark = pytest.mark.django_db(transaction=True)
RULES = {
    "text": ("tier", "=", "gold"),
    "date": ("born_on", "<", "1980-01-01"),
}
NOTHING: dict[str, list[str]] = {"made": [], "dropped": [], "failed": []}


def plan(organization: Organization, key: str, operator: str, value: Any) -> str:
    """How PostgreSQL would find customers by a rule on the attribute, where reading all is not to be thought of."""
    rules = [{"field": f"custom_data.{key}", "operator": operator, "value": value}]
    node = definition.parse({"combinator": "and", "rules": rules}, "customers", organization)
    ids = definition.ids(node, organization, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN {ids.sql}", ids.params)
        text = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    return text


def run() -> dict[str, list[str]]:
    out = io.StringIO()
    call_command("index_attributes", "--json", stdout=out)
    found: dict[str, list[str]] = json.loads(out.getvalue())
    return found


def look(at: Any = NOW) -> indexing.Work:
    with scope.nobody():
        return indexing.build(at=at)


def often(bank: Organization, key: str = "tier", type: str = "text", **more: Any) -> Attribute:
    made: Attribute = bank.attributes.create(
        entity=more.pop("entity", "customers"), key=key, type=type, is_filtered_often=True, **more
    )
    return made


def state(attribute: Attribute) -> tuple[str, str]:
    attribute.refresh_from_db()
    found = states_of([attribute])[attribute.pk]
    return found.word, found.meaning


@pytest.fixture
def bank() -> Any:
    made = OrganizationFactory()
    few = {"tier": "Gold", "born_on": "1961-02-03"}
    most = {"tier": "silver", "born_on": "1985-02-03"}
    for n in range(400):
        CustomerFactory(organization=made, custom_data=most if n % 40 else few)
    yield made
    Attribute.objects.all().delete()
    look()


@pytest.mark.parametrize("type", RULES)
def test_rules_use_the_index_and_it_goes_when_it_is_not_wanted(bank: Organization, type: str) -> None:
    key, operator, value = RULES[type]
    wanted = often(bank, key, type)
    assert state(wanted)[0] == "About to be made"
    made = run()["made"]
    assert made == [indexing.index_of(wanted).name]
    assert state(wanted)[0] == "Ready"
    assert run() == NOTHING
    with scope.inside(bank):
        assert made[0] in plan(bank, key, operator, value)
    mark(wanted, is_often=False)
    assert run() == NOTHING | {"dropped": made}
    assert state(wanted)[0] == "Not wanted"


def test_an_index_goes_with_its_attribute_and_another_type_makes_another(bank: Organization) -> None:
    wanted = often(bank, "born_on")
    (first,) = look().made
    wanted.type = "date"
    keep_attribute(wanted)
    second = look()
    assert (second.dropped, len(second.made)) == ([first], 1)
    wanted.deleted_at = NOW
    wanted.save()
    assert look().dropped == second.made


def test_an_index_that_was_left_half_made_is_made_anew(bank: Organization) -> None:
    wanted = often(bank)
    name = indexing.index_of(wanted).name
    twice = f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON customers_customer (organization_id)"
    with scope.nobody(), connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(twice)
    assert state(wanted)[0] == "Being made"
    assert run() == NOTHING | {"made": [name]}


def test_what_can_not_be_made_says_why_and_is_tried_again_later_or_once_it_changed(
    bank: Organization,
) -> None:
    long = "".join(chr(0x4E00 + n * 37 % 20_000) for n in range(3000))
    person = CustomerFactory(organization=bank, custom_data={"tier": long})
    wanted, other = often(bank), often(bank, "born_on", "date")
    name = indexing.index_of(wanted).name
    assert look() == indexing.Work([indexing.index_of(other).name], [], [name])
    word, why = state(wanted)
    assert (word, why[:37]) == ("Could not be made", "A value is too long for an index. Loo")
    assert long[:20] not in why
    assert look() == indexing.Work()
    assert look(NOW + timedelta(minutes=59)) == indexing.Work()
    assert look(NOW + timedelta(hours=1)).failed == [name]
    person.custom_data = {"tier": "gold"}
    person.save()
    mark(wanted, is_often=False)
    mark(wanted, is_often=True)
    assert look().made == [name]
    assert state(wanted)[0] == "Ready"


def test_two_at_once_do_not_get_in_each_others_way(bank: Organization) -> None:
    often(bank)
    held = threading.Event(), threading.Event()

    def first() -> None:
        with scope.nobody(), indexing._alone():
            held[0].set()
            held[1].wait(20)
        connection.close()

    other = threading.Thread(target=first)
    other.start()
    assert held[0].wait(20)
    assert look() == indexing.Work()
    held[1].set()
    other.join(20)
    assert len(look().made) == 1


def test_the_watch_makes_and_drops_what_is_asked_for_while_it_runs(bank: Organization) -> None:
    stop, looked = threading.Event(), threading.Semaphore(0)

    class Waiting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            looked.release()
            return stop.wait(0.02)

        def is_set(self) -> bool:
            return stop.is_set()

    def watching() -> None:
        with scope.nobody():
            index_attributes.watch(Waiting(), seconds=0.02)
        connection.close()

    def has_looked() -> None:
        """Twice: the first look may have begun before."""
        for _ in range(looked._value + 2):
            assert looked.acquire(timeout=20)

    other = threading.Thread(target=watching)
    other.start()
    try:
        wanted = often(bank)
        has_looked()
        assert state(wanted)[0] == "Ready"
        mark(wanted, is_often=False)
        has_looked()
        assert list(indexing.standing()) == []
    finally:
        stop.set()
        other.join(20)
    assert not other.is_alive()


@pytest.mark.parametrize("entity", Attribute.Entity.values)
def test_every_kind_of_record_and_type_can_be_indexed(bank: Organization, entity: str) -> None:
    for type in Attribute.Type.values:
        often(bank, f"a.{type}'s", type, entity=entity)
    assert len(run()["made"]) == len(Attribute.Type.values)


def test_a_text_that_no_index_takes_is_refused_while_one_is_kept(bank: Organization) -> None:
    """The longest that is let in, of the characters that take most room, is written while the index is there."""
    often(bank)
    look()
    longest = "".join(chr(0x20000 + n * 61 % 40_000) for n in range(600))
    run = imported(bank, "customers", f"customer_ref,tier\nL1,{longest}\nL2,{longest}x\n")
    assert bank.customers.get(external_id="L1").custom_data == {"tier": longest}
    assert [(line, column) for line, column, *_ in refused(run)] == [(3, "tier")]
    assert "The text has 601 characters; at most 600 fit." in refused(run)[0][-1]
    Attribute.objects.update(is_filtered_often=False)
    again = imported(bank, "customers", f"customer_ref,tier\nL2,{longest}x\n")
    assert refused(again) == []
