"""Whoever sees names masked finds none: every page of a bank, with one customer whom nothing may name."""

from typing import Any

import pytest

from communications.models import Attempt, Message, RenderedCopy
from console.customers.models import Attribute, Customer
from console.imports.models import RejectedRow
from console.organizations.access import POLICY
from console.organizations.models import Role
from tests.conftest import signed_in
from tests.customers.files import export_of
from tests.factories import NOW
from tests.walls.walking import OURS, PAGES, Bank, address, answers, content, places

WHO = {"name": "Zdislava Kvapilová", "email": "zdislava.k@kvapil.example", "phone": "+420 777 418 963"}
TELLING = (  # in every form that a page could write
    "Zdislava",
    "Kvapil",
    "zdislava",
    "777 418",
    "418 963",
    "Dlouhá 17",
    "3 Feb 1961",
    "2000145399",
)
# Who works with the builder and with messages asks by htmx and sends forms too; the others look.
THOROUGH = {Role.ANALYST, Role.MARKETER}
MASKED = [role for role in Role.values if role not in POLICY["personal.view"]]


@pytest.fixture
def bank(ours: Bank) -> Bank:
    """The furnished bank, where everything that can name its customer does."""
    organization = ours[0]
    for key, kind in (("birth_date", "date"), ("address", "text")):
        Attribute.objects.create(
            organization=organization, entity="customers", key=key, type=kind, is_personal=True
        )
    data = {"birth_date": "1961-02-03", "address": "Dlouhá 17", "undeclared": "Kvapil"}
    organization.customers.update(**WHO, custom_data=data)
    organization.accounts.update(name="Zdislava Kvapilová, current", alias="zdislava")
    organization.transactions.update(
        counterparty="19-2000145399/0800", description="For CZ65 0800 0000 1920 0014 5399"
    )
    speak(organization.messages.get(), organization.customers.get())
    run = organization.import_runs.get()
    run.state, run.rows, run.rejected = "done", 1, 1
    run.save()
    RejectedRow.objects.create(
        run=run,
        line=2,
        column="email",
        value=WHO["email"],
        reason="Write an email address.",
        cells=list(WHO.values()),
    )
    return ours


def speak(message: Message, customer: Customer) -> None:
    words = f"Dear {customer.name}, {customer.phone}"
    RenderedCopy.objects.create(
        message=message, address=customer.email, subject=words, html=f"<p>{words}</p>", text=words
    )
    Attempt.objects.create(
        message=message, number=1, started_at=NOW, outcome="deferred", answer=f"<{customer.email}> is busy"
    )
    Message.objects.filter(pk=message.pk).update(note=f"<{customer.email}> is busy", state="dead")


def said(answer: Any) -> str:
    return content(answer) + str(dict(answer.headers))


@pytest.mark.parametrize("role", MASKED)
def test_no_page_names_a_customer_to_masked_eyes(bank: Bank, role: str) -> None:
    client, known = signed_in(bank[0].staff.get(role=role)), places(bank)
    leaks, seen = [], 0
    for path in PAGES:
        url = address(path, bank[0].slug, *(bank[1][place] for place in known[path]))
        for way, answer in answers(client, url) if role in THOROUGH else [("GET", client.get(url))]:
            text = said(answer)
            seen += answer.status_code == 200 and OURS in text
            leaks += [f"{way} {url}: {part}" for part in TELLING if part in text]
    assert leaks == []
    assert seen > 20


@pytest.mark.parametrize("role", MASKED)
def test_nor_a_list_that_is_searched_sorted_or_shown_whole(bank: Bank, role: str) -> None:
    client, slug = signed_in(bank[0].staff.get(role=role)), bank[0].slug
    columns = [
        "name",
        "email",
        "phone",
        "alias",
        "holder",
        "customer",
        "what",
        "data.birth_date",
        "data.address",
    ]
    asked: list[dict[str, Any]] = [{"columns": columns}, {"sort": "name"}, {"size": 25}, {"q": "C0"}]
    lists = ["customers/", "accounts/", "communications/messages/", "search/", "alerts/"]
    pages = [said(client.get(f"/o/{slug}/{each}", query)) for each in lists for query in asked]
    if role in POLICY["customers.export"]:
        pages += [said(client.get(f"/o/{slug}/accounts/export/", {"columns": columns}))]
        pages += [export_of(bank[0].staff.get(role=role), columns=columns)]
    assert [part for part in TELLING for text in pages if part in text] == []
    assert any("Z••• K•••" in text for text in pages)
    assert any("1961" in text for text in pages)


def test_the_same_walk_finds_them_for_who_may_see(bank: Bank) -> None:
    """Else the walk above could look past everything."""
    client, known = signed_in(bank[0].staff.get(role=Role.OPERATOR)), places(bank)
    urls = [address(path, bank[0].slug, *(bank[1][place] for place in known[path])) for path in PAGES]
    found = {part for url in urls for text in [said(client.get(url))] for part in TELLING if part in text}
    assert found == set(TELLING)
