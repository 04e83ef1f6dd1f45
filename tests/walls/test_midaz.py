"""The API of Midaz with keys of two banks: each id of an address, question or body is another bank's in its turn."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from console.api import api
from console.balances import journal
from console.balances.legs import Leg, Order
from console.organizations.models import KeyScope, Organization
from console.portfolios.assets import external_alias, open_asset
from console.portfolios.models import Account
from segments.models import Segment
from tests.factories import NOW, AccountFactory, OrganizationFactory, a_key
from tests.money import book
from tests.walls.report import Walk
from tests.walls.test_api import bearer
from tests.walls.walking import THEIRS, Bank, content, undone
from tests.walls.witness import Witness, first_wall_alone, written

pytestmark = pytest.mark.django_db
PREFIX = "/v1/organizations"
PERSON = "@person1"
Ids = dict[str, str]


def ids_of(bank: Organization) -> Ids:
    """One of each kind that the bank has, by the names that addresses and bodies have for them."""
    ledger = bank.ledgers.get()
    asset = open_asset(ledger, "CHF")
    kind = ledger.account_types.create(organization=bank, name="Savings", key_value="savings")
    segment = ledger.segments.create(
        organization=bank, name=f"{bank.slug} tag", kind=Segment.Kind.ASSIGNED, population="accounts"
    )
    account = bank.accounts.get()
    book(account, [("2026-11-01", "1000")])
    AccountFactory(
        organization=bank, ledger=ledger, alias=external_alias("EUR"), type=Account.EXTERNAL, asset_code="EUR"
    )
    pending, posted = (journal.enter(order(account), status, at=NOW) for status in ("PENDING", "APPROVED"))
    found = {
        "organization_id": bank.pk,
        "ledger_id": ledger.pk,
        "asset_id": asset.pk,
        "portfolio_id": ledger.portfolios.get().pk,
        "account_type_id": kind.pk,
        "segment_id": segment.pk,
        "account_id": bank.accounts.get().pk,
        "alias": bank.accounts.get().pk,
        "asset_code": asset.code,
        "parent_account_id": bank.accounts.get().pk,
        "balance_id": account.pk,
        "transaction_id": pending.pk,
        "operation_id": pending.lines.get().pk,
        "posted_id": posted.pk,
        "parent_organization_id": OrganizationFactory(slug=f"{bank.slug}-group", founded_by=bank).pk,
    }
    return {name: str(value) for name, value in found.items()}


def order(account: Account) -> Order:
    """A hundred that go outside."""
    outside = account.ledger.accounts(manager="everything").get(alias=external_alias("EUR"))
    amount = Decimal(100)
    return Order(account.ledger, "EUR", amount, [Leg(account, amount)], [Leg(outside, amount)], NOW)


def operations() -> Iterator[tuple[str, str, list[str], dict[str, Any]]]:
    """Each operation by the document that clients read: path, method, what its question takes, its body."""
    schema = api.get_openapi_schema()
    for path, offered in schema["paths"].items():
        for method, one in offered.items():
            if path.startswith(PREFIX):
                asked = [each["name"] for each in one.get("parameters", []) if each["in"] == "query"]
                yield path, method.upper(), asked, body(one.get("requestBody"), schema)


def body(said: Any, schema: Any) -> dict[str, Any]:
    """An example of a body: what is required, and every id."""
    return example(said["content"]["application/json"]["schema"], schema, is_whole=False) if said else {}


def example(said: Any, schema: Any, *, is_whole: bool = True) -> Any:
    if "$ref" in said:
        return example(schema["components"]["schemas"][said["$ref"].rpartition("/")[2]], schema)
    if "examples" in said:
        return said["examples"][0]
    if "anyOf" in said:
        return example(said["anyOf"][0], schema)
    if said.get("type") == "object":
        needed = said.get("required", [])
        fields = said.get("properties", {}).items()
        return {name: example(one, schema) for name, one in fields if name in needed or is_id(one)}
    return f"<{said.get('format', 'string')}>"


def is_id(said: Any) -> bool:
    return any(one.get("format") == "uuid" for one in [said, *said.get("anyOf", [])])


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def filled(example: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The body with these ids, and a name that nobody has."""
    return {
        name: ids[snake(name)] if value == "<uuid>" else "new" if value == "<string>" else named(value, ids)
        for name, value in example.items()
    }


def named(value: Any, ids: Ids) -> Any:
    """With the alias of an account wherever a body of a transaction names one."""
    return json.loads(json.dumps(value).replace(PERSON, ids["alias"]))


def call(client: Client, path: str, method: str, ids: Ids, asked: list[str], said: dict[str, Any]) -> Any:
    return client.generic(
        method,
        path.format(**ids),
        query_params={name: ids[name] for name in asked if name in ids},
        data=json.dumps(filled(said, ids)),
        content_type="application/json",
    )


def mixed(path: str, asked: list[str], said: dict[str, Any], ours: Ids, theirs: Ids) -> Iterator[Ids]:
    """Our ids with one of theirs, for each that the operation takes, and theirs alone."""
    takes = {*(name for name in ours if f"{{{name}}}" in path), *(name for name in asked if name in ours)}
    takes |= {snake(name) for name, value in said.items() if value == "<uuid>"}
    takes |= {"alias"} if PERSON in json.dumps(said) else set()
    for name in sorted(takes - {"asset_code"}):
        yield ours | {name: theirs[name]}
    if takes:
        yield theirs


def test_no_key_opens_anything_of_another_bank(ours: Bank, theirs: Bank, walk: Callable[[str], Walk]) -> None:
    scopes = [KeyScope.RECORD_READ, KeyScope.RECORD_WRITE]
    keys = (a_key(bank, name="walker", scopes=scopes, calls_per_minute=60000) for bank, _ in (ours, theirs))
    mine, others = (bearer(key) for key in keys)
    here, there = ids_of(ours[0]), ids_of(theirs[0])
    witness, tried = Witness(ours[0], theirs[0]), walk("ids to the API of Midaz")
    unanswered = []
    for path, method, asked, said in operations():
        for ids in mixed(path, asked, said, here, there):
            with undone():
                before = written()
                with first_wall_alone():
                    answer = call(mine, path, method, ids, asked, said)
                faults = witness.faults() if written() > before else []
            tried.asked(path, "key", method, status=answer.status_code, ids=1)
            is_refused = 400 <= answer.status_code < 500 or content(answer).startswith('{"items": []')
            if not is_refused or THEIRS in content(answer) or faults:
                tried.found(f"{method} {path} {ids}: {answer.status_code} {faults[:3]}")
        with undone():
            right = there | {"transaction_id": there["posted_id"]} if path.endswith("/revert") else there
            answer = call(others, path, method, right, asked, said)
        is_kept = method == "DELETE" and answer.status_code in (400, 403, 409)
        if not (answer.status_code < 300 or is_kept):
            unanswered.append(f"{method} {path}: {answer.content.decode()}")
    assert tried.leaks == []
    assert unanswered == [], "with the right key each of them has an answer"
