"""What every list does: a person's choice of columns, rows per page, and words where its address leads nowhere."""

from typing import Any

import pytest

from console.cells import figure
from console.columns import Column, Figure
from console.exports import plain
from console.organizations.models import Organization, Staff
from tests.alerts.bank import account_segment, campaign_on
from tests.conftest import signed_in
from tests.factories import SegmentFactory
from tests.imports.files import imported

LISTS = {
    "segments:segment_list": ("kind", "created", "Made"),
    "alerts:campaign_list": ("currency", "priority", "Priority"),
    "imports:run_list": ("accepted", "finished", "Finished"),
}


@pytest.fixture
def address(request: Any, alice: Staff, nordbank: Organization) -> str:
    """A list with 26 rows: one more than its smallest page holds."""
    name: str = request.param
    watched = account_segment(nordbank, name="Number 0")
    for number in range(26):
        if name.startswith("segments") and number:
            SegmentFactory(organization=nordbank, name=f"Number {number}")
        if name.startswith("alerts"):
            campaign_on(watched, name=f"Number {number}")
        if name.startswith("imports"):
            imported(nordbank, "customers", f"external_id,name\n{number},Name\n")
    return nordbank.url(name)


@pytest.mark.django_db
@pytest.mark.parametrize("address", LISTS, indirect=True)
def test_each_has_columns_to_choose_sizes_and_a_word_on_a_lost_place(
    alice: Staff, address: str, request: Any
) -> None:
    client = signed_in(alice)
    usual, rare, label = LISTS[request.node.callspec.params["address"]]

    def page(**query: Any) -> str:
        return str(client.get(address, query).content.decode())

    assert f'value="{usual}" checked' in page()
    assert f'value="{rare}">' in page()
    chosen = page(columns=[rare])
    assert label in chosen.split("<thead")[1].split("</thead>")[0]
    assert f'value="{usual}">' in page()  # remembered
    assert page(size="25").count('<th scope="row">') == 25
    assert page(size="50").count('<th scope="row">') == 26
    assert "The place in the list that this address names is gone" in page(after="nowhere")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("customers:customer_list", "imports:run_create"),
        ("portfolios:account_list", "imports:run_create"),
        ("segments:segment_list", "segments:segment_create"),
        ("alerts:campaign_list", "alerts:campaign_create"),
        ("communications:configuration_list", "communications:configuration_create"),
        ("communications:template_list", "communications:template_create"),
        ("communications:endpoint_list", "communications:endpoint_create"),
    ],
)
def test_an_empty_list_offers_only_what_the_person_may(
    alice: Staff, vera: Staff, nordbank: Organization, name: str, leads_to: str
) -> None:
    offered = f'href="{nordbank.url(leads_to)}"'
    for staff, may in ((alice, True), (vera, False)):
        page = signed_in(staff).get(nordbank.url(name)).content.decode()
        assert (offered in page.split('<div class="empty">')[1]) is may


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        (Figure(1204), '<td class="num">1,204</td>'),
        (Figure(None), '<td class="num">–</td>'),
        (Figure(3, "exact"), '<td class="num"><span class="exact">3</span></td>'),
        (Figure(3, "old"), '<td class="num"><span class="stale">3</span></td>'),
        (Figure(4640, "estimate"), '<td class="num"><span class="estimate">≈ 4,640</span></td>'),
        (Figure(2, is_bad=True), '<td class="num negative">2</td>'),
        (Figure(2, url="/x?a=1&b=2"), '<td class="num"><a href="/x?a=1&amp;b=2">2</a></td>'),
    ],
)
def test_a_figure_says_how_sure_it_is_and_where_it_leads(given: Figure, drawn: str) -> None:
    assert figure(given) == drawn


def test_a_number_that_was_never_counted_says_so() -> None:
    assert "not counted" in figure(Figure(None, "none"))


def test_a_file_has_the_number_and_the_words_alone() -> None:
    column = Column("n", "Number", lambda row: row, "figure")
    assert plain(column, Figure(7, "old", url="/there")) == 7
    assert plain(Column("b", "State", str, "badges"), [("Done", "good"), ("Dry run", "")]) == "Done, Dry run"
