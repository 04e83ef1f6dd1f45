"""The main walk through the house: a bank's file in, a segment by keyboard, a letter out, and the books that say so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from communications.models import Message
from tests.journeys.walk import Walk, mail_catcher

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CUSTOMERS = """customer_ref,name,email,country,region,birth_date
C1,Jana Dvořáková,jana@mail.example,CZ,Prague,1985-02-04
C2,Łukasz Wójcik,lukasz@mail.example,PL,Prague,1990-10-09
C3,Nguyễn Thu Hà,ha@mail.example,CZ,Prague,1962-07-01
C4,Zeynep Yıldız,zeynep@mail.example,DE,south Moravia,1979-12-31
C5,Pavel Němec,,CZ,Prague,1955-05-05
C6,Aino Mäkinen,aino@mail.example,FI,north Moravia,1999-01-01
"""
LETTER = "<h1>Dear {{ customer.name }}</h1><p>{{ organization.name }} opens late on Thursday.</p>"


@pytest.fixture
def post_office(tmp_path: Path, settings: Any) -> Iterator[str]:
    """Work that the queue would do is done at once; letters go to the mail catcher."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.MEDIA_ROOT = tmp_path
    with mail_catcher(tmp_path / "mail") as (port, pages):
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield pages


def test_from_a_file_to_a_letter(walk: Walk, post_office: str, tmp_path: Path) -> None:
    walk.looks("overview-empty")
    imports_a_file(walk, tmp_path)
    builds_a_nested_segment_by_keyboard(walk)
    sees_its_members(walk)
    writes_a_template(walk)
    sends_it(walk)
    finds_every_message(walk, post_office)


def imports_a_file(walk: Walk, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, "utf-8")
    walk.opens("imports:run_list")
    walk.looks("imports-empty")
    walk.opens("imports:run_create")
    walk.looks("import-file")
    walk.page.get_by_role("radio", name="Customers").check()
    walk.page.get_by_label("CSV file").set_input_files(file)
    walk.page.get_by_role("button", name="Look at the file").click()
    expect(walk.page.get_by_role("heading", name="What each column fills")).to_be_visible()
    walk.looks("import-columns")
    walk.page.get_by_role("button", name="Import", exact=True).click()
    expect(walk.page.get_by_text("Done", exact=True).first).to_be_visible()
    walk.looks("import-done")
    walk.opens("customers:customer_list")
    expect(walk.page.get_by_role("link", name="Nguyễn Thu Hà")).to_be_visible()
    walk.looks("import-customers")


def builds_a_nested_segment_by_keyboard(walk: Walk) -> None:
    """Region is Prague, and (country is CZ, or name begins with “luk”): no mouse from here to the saved segment."""
    page = walk.page
    walk.opens("segments:segment_list")
    walk.looks("segments-empty")
    walk.presses("n")
    expect(page.get_by_role("heading", name="New segment")).to_be_visible()
    walk.types("Name", "Prague, reachable")
    walk.picks("Rule 1: field", "Region")
    walk.types("Rule 1: region", "prague")
    walk.tabs_to(page.get_by_role("button", name="Group in All rules"))
    walk.presses("Enter")
    walk.picks("Group 2: how rules combine", "Any of")
    walk.picks("Rule 2.1: field", "Country")
    walk.types("Rule 2.1: country", "CZ")
    walk.tabs_to(page.get_by_role("button", name="Rule to Group 2"))
    walk.presses("Enter")
    walk.picks("Rule 2.2: field", "Name")
    walk.picks("Rule 2.2: test", "begins with")
    walk.types("Rule 2.2: name", "luk")
    count = page.locator("#live")
    expect(count.get_by_text("4", exact=True)).to_be_visible()
    expect(page.get_by_text("region is prague")).to_be_visible()
    walk.looks_everywhere("builder")
    walk.presses("Control+Enter")
    expect(page.get_by_role("heading", name="Prague, reachable")).to_be_visible()


def sees_its_members(walk: Walk) -> None:
    members = walk.page.get_by_role("region", name="Table of members")
    for name in ("Jana Dvořáková", "Łukasz Wójcik", "Nguyễn Thu Hà", "Pavel Němec"):
        expect(members.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(members.get_by_role("link", name="Aino Mäkinen")).to_have_count(0)
    walk.looks("segment")
    walk.opens("segments:segment_list")
    walk.looks("segments")


def writes_a_template(walk: Walk) -> None:
    page = walk.page
    walk.opens("communications:template_create")
    page.get_by_label("Name", exact=True).fill("Late opening")
    page.get_by_label("Subject").fill("Open late, {{ customer.nme }}")
    page.get_by_label("HTML").fill(LETTER)
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("customer.nme").first).to_be_visible()
    walk.looks("template-fault")
    page.get_by_label("Subject").fill("Open late, {{ customer.name }}")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name="Late opening")).to_be_visible()
    walk.looks("template")


def sends_it(walk: Walk) -> None:
    page = walk.page
    walk.opens("communications:configuration_create")
    page.get_by_label("Name", exact=True).fill("Thursday letter")
    page.get_by_label("Segment", exact=True).select_option("Prague, reachable")
    page.get_by_label("Purpose", exact=True).select_option("Service")
    page.get_by_label("Template", exact=True).select_option("Late opening")
    page.get_by_label("Sender name").fill("Nordbank")
    page.get_by_label("Sender address").fill("hello@nordbank.example")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name="Thursday letter")).to_be_visible()
    walk.looks("communication-draft")
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("link", name="Ask for approval").first.click()
    expect(page.get_by_text("Held back").first).to_be_visible()
    walk.looks("communication-send")
    expect(page.get_by_text("to send to 3 customers")).to_be_visible()
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("You asked for this, so somebody else decides.")).to_be_visible()
    walk.gets_approved(
        "Send “Thursday letter” to 4 customers", picture="approval-send", says="Approved: it goes out now."
    )
    walk.page.get_by_role("link", name="Open it").click()
    walk.page.get_by_role("table").get_by_role("link").first.click()
    expect(page.get_by_text("Planned").first).to_be_visible()


def finds_every_message(walk: Walk, mail: str) -> None:
    """Four were planned: three letters left, one customer without an address was held back and says why."""
    page = walk.page
    expect(page.get_by_text("Sent").first).to_be_visible()
    assert sorted(Message.objects.values_list("state", flat=True)) == ["sent", "sent", "sent", "suppressed"]
    walk.looks("run")
    walk.opens("communications:message_list")
    for name in ("Jana Dvořáková", "Łukasz Wójcik", "Nguyễn Thu Hà", "Pavel Němec"):
        expect(page.get_by_text(name).first).to_be_visible()
    walk.looks("messages")
    page.goto(mail)
    for address in ("jana@mail.example", "lukasz@mail.example", "ha@mail.example"):
        expect(page.get_by_text(address).first).to_be_visible()
    expect(page.get_by_text("Open late, Nguyễn Thu Hà").first).to_be_visible()
