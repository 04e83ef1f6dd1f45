"""Every part of a page, rendered: it stands in the gallery, says its arguments, has nothing inline."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

from console.organizations.models import Organization, Staff
from console.templatetags.console import initials, money, number, relative, share, signed
from tests.conftest import signed_in

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
PRAGUE = ZoneInfo("Europe/Prague")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def rendered(name: str, **context: Any) -> str:
    return render_to_string(f"components/{name}.html", context)


def everything_included() -> set[str]:
    """The components that the frame, the gallery or another component shows."""
    sources = [TEMPLATES / "base.html", TEMPLATES / "bare.html", TEMPLATES / "gallery.html", *COMPONENTS]
    sources += (TEMPLATES / "gallery").glob("*.html")
    return set(
        re.findall(r'include "components/([\w-]+)\.html"', "".join(path.read_text() for path in sources))
    )


@pytest.fixture
def shown(nordbank: Organization, alice: Staff) -> str:
    return signed_in(alice).get(nordbank.url("gallery")).content.decode()


class TestGallery:
    def test_shows_the_parts(self, shown: str) -> None:
        assert "States of every part" in shown
        for words in (
            "2 things to put right",
            "≈ 4,640",
            "Saving…",
            "The books do not balance",
            "these may hold",
        ):
            assert words in shown

    def test_says_where_it_stands_and_who_looks(self, shown: str) -> None:
        assert re.search(r'aria-current="page"[^>]*>.*?Settings', shown, re.S)
        assert "Alice Admin" in shown
        assert "Nordbank a.s." in shown

    def test_has_nothing_inline(self, shown: str) -> None:
        assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on|<script(?![^>]*src=)", shown)

    def test_gives_each_id_once_and_points_only_at_ids_that_exist(self, shown: str) -> None:
        ids = re.findall(r'\sid="([^"]+)"', shown)
        assert sorted(ids) == sorted(set(ids))
        named = re.findall(
            r'(?:aria-labelledby|aria-describedby|aria-controls|popovertarget|\sfor)="([^"]+)"', shown
        )
        assert {one for names in named for one in names.split()} <= set(ids)

    def test_outsider_finds_nothing(self, nordbank: Organization, charlie: Staff) -> None:
        assert signed_in(charlie).get(nordbank.url("gallery")).status_code == 404

    def test_only_reading_is_allowed(self, nordbank: Organization, alice: Staff) -> None:
        assert signed_in(alice).post(nordbank.url("gallery")).status_code == 405


class TestComponents:
    @pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
    def test_says_its_arguments_first(self, component: Path) -> None:
        assert component.read_text().startswith("{# ")

    @pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
    def test_is_shown_somewhere(self, component: Path) -> None:
        assert component.stem in everything_included()

    @pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
    def test_no_template_has_anything_inline(self, template: Path) -> None:
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]*src=)", template.read_text())

    def test_button_that_can_not_be_pressed_yet_names_its_reason(self) -> None:
        html = rendered("button", label="Send", blocked="why")
        assert 'aria-disabled="true" aria-describedby="why"' in html

    def test_button_shows_its_key_and_works_by_it(self) -> None:
        html = rendered("button", label="Save", key="Control+S")
        assert 'aria-keyshortcuts="Control+S" data-key="Control+S"' in html
        assert '<kbd aria-hidden="true">Ctrl S</kbd>' in html

    def test_words_of_people_are_escaped(self) -> None:
        for name, words in [("badge", "text"), ("note", "text"), ("toast", "text"), ("empty", "heading")]:
            assert "<b>" not in rendered(name, **{words: "<b>x</b>"})

    @pytest.mark.parametrize(
        ("sort", "expected", "leads_to"),
        [
            ("name", 'aria-sort="ascending"', "sort=-name"),
            ("-name", 'aria-sort="descending"', "sort=name"),
            ("age", "", "sort=name"),
        ],
    )
    def test_sorting_head(self, rf: Any, sort: str, expected: str, leads_to: str) -> None:
        request = rf.get("/", {"state": "open", "after": "x"})
        html = render_to_string(
            "components/sort.html", {"label": "Name", "key": "name", "sort": sort}, request
        )
        assert expected in html
        assert f"?state=open&amp;{leads_to}" in html

    def test_pager_greys_what_leads_nowhere(self) -> None:
        html = rendered("pager", first=1, last=50, count=3114, next="?after=x")
        assert '<span class="button small" aria-disabled="true">Previous</span>' in html
        assert 'href="?after=x" rel="next"' in html
        assert '<span class="exact">3,114</span>' in html

    @pytest.mark.parametrize(
        ("sure", "expected"),
        [
            ("exact", 'class="exact">4,640'),
            ("estimate", "≈ 4,640"),
            ("old", 'class="stale">4,640'),
            ("none", "not counted"),
        ],
    )
    def test_count_says_how_sure_it_is(self, sure: str, expected: str) -> None:
        assert expected in rendered("count", value=4640, sure=sure)

    def test_books_that_do_not_balance_are_a_red_note(self) -> None:
        html = rendered("books", books={"planned": 10, "sent": 8, "failed": 1})
        assert "10 were planned, but 9 are accounted for" in html
        assert 'class="exact"' not in html

    def test_columns_menu_sends_an_empty_choice_too(self) -> None:
        html = rendered("columns", columns=[{"key": "name", "label": "Name", "is_fixed": True}])
        assert '<input type="hidden" name="columns" value="">' in html
        assert "checked disabled" in html


class AmountForm(forms.Form):
    amount = forms.DecimalField(help_text="In EUR.", widget=forms.TextInput())
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


class TestFields:
    def test_what_was_typed_stays_and_the_error_is_tied_to_the_field(self) -> None:
        form = AmountForm({"amount": "1.000,0"})
        html = rendered("form", form=form)
        assert 'value="1.000,0"' in html
        assert 'aria-invalid="true"' in html
        assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
        assert 'id="id_amount_error"' in html
        assert "2 things to put right" in html
        assert 'href="#id_amount"' in html

    def test_choices_stand_in_a_named_group(self) -> None:
        html = rendered("field", field=AmountForm()["kind"])
        assert "<fieldset" in html
        assert '<legend class="label">Kind</legend>' in html

    def test_a_form_without_faults_has_nothing_to_put_right(self) -> None:
        assert rendered("errors", form=AmountForm()).strip() == ""

    def test_one_thing_is_one_thing(self) -> None:
        assert "1 thing to put right" in rendered("errors", faults=[{"text": "Rule 4", "url": "#rule-4"}])


class TestNumbersAndTimes:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (Decimal("-1204.75"), "\u22121,204.75"),
            (0, "0.00"),
            (None, "–"),
            ("19057313.7", "19,057,313.70"),
            (Decimal("0.00500000"), "0.005"),
        ],
    )
    def test_money(self, value: Any, expected: str) -> None:
        assert money(value) == expected

    def test_money_says_its_currency(self) -> None:
        assert money(Decimal("98.67"), "EUR") == "98.67 EUR"
        assert money(None, "EUR") == "–"

    def test_money_has_the_decimals_of_its_currency_and_never_fewer_than_it_has(self) -> None:
        assert money(Decimal("980.00000000"), "JPY") == "980 JPY"
        assert money(Decimal("12.5"), "KWD") == "12.500 KWD"
        assert money(Decimal("1.234"), "EUR") == "1.234 EUR"
        assert money(Decimal(1) / 3, "EUR") == "0.33333333 EUR"

    def test_numbers_changes_and_shares(self) -> None:
        assert number(1998214) == "1,998,214"
        assert (signed(1204), signed(-2655), signed(0)) == ("+ 1,204", "\u2212 2,655", "0")
        assert (share(4640, 486210), share(1, 3), share(3, 2), share(1, 0)) == (
            "0.95 %",
            "33.3 %",
            "150 %",
            "–",
        )

    @pytest.mark.parametrize(
        ("before", "expected"),
        [
            (timedelta(seconds=20), "just now"),
            (timedelta(minutes=6), "6 min ago"),
            (timedelta(minutes=-18), "in 18 min"),
            (timedelta(hours=4), "Today 06:42"),
            (timedelta(hours=11), "Yesterday"),
            (timedelta(days=8), "14 Nov"),
            (timedelta(days=400), "18 Oct 2025"),
            (timedelta(hours=-24), "Tomorrow 10:42"),
        ],
    )
    def test_relative_times_count_days_where_the_organization_is(
        self, before: timedelta, expected: str
    ) -> None:
        assert relative(NOW - before, NOW, PRAGUE) == expected

    def test_initials(self) -> None:
        assert [initials(name) for name in ("Ingrid Solheim", "Nguyễn Thu Hà", "bob", "")] == [
            "IS",
            "NH",
            "B",
            "",
        ]

    def test_an_icon_that_is_not_there_says_which_are(self) -> None:
        template = engines["django"].from_string('{% icon "unicorn" %}')
        with pytest.raises(ValueError, match=r"No icon “unicorn”\. The sprite has: account"):
            template.render()

    def test_a_comma_can_follow_a_field(self) -> None:
        template = engines["django"].from_string("{{ field|tight }}, and")
        assert template.render({"field": AmountForm()["amount"]}).endswith('id="id_amount">, and')
        assert "&lt;" in template.render({"field": "<b>"})


class TestBarePages:
    @pytest.mark.parametrize("name", ["400", "403", "404", "500", "503"])
    def test_error_pages_need_no_context(self, name: str) -> None:
        html = render_to_string(f"{name}.html")
        assert "<h1>" in html
        assert 'href="/"' in html

    def test_a_wrong_address_is_said_in_words(self, nordbank: Organization, alice: Staff) -> None:
        response = signed_in(alice).get(nordbank.url("overview") + "no-such-page")
        assert response.status_code == 404
        assert "Nothing here" in response.content.decode()


def test_every_note_in_a_page_has_its_sign_before_its_words() -> None:
    """Words alone would stand in the narrow column of the sign, a letter a line."""
    for path in TEMPLATES.rglob("*.html"):
        for what, then in re.findall(r'<(\w+) class="note[ "][^>]*>(.{12})', path.read_text()):
            assert what == "div", path
            assert then.startswith(("{% icon", "{% if kind", "{% if remark")), path
