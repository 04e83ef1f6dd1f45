"""The parts in a real browser: nothing for axe to find by day, by night or on a phone; keys, menus, toasts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from console.organizations.models import Organization, Staff
from tests.journeys.walk import Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gallery(walk: Walk) -> Page:
    """The gallery, opened by Alice."""
    walk.opens("gallery")
    return walk.page


@pytest.mark.parametrize(("theme", "axe_widths"), [("light", {1440, 320}), ("dark", {1440})])
def test_no_fault_is_found_and_nothing_runs_over(walk: Walk, theme: Any, axe_widths: set[int]) -> None:
    walk.page.emulate_media(color_scheme=theme)
    walk.opens("gallery")
    for width in (1440, 1280, 800, 320):
        walk.fits(width)
        if width in axe_widths:
            walk.finds_no_fault(f"at {width} px, {theme}")
            walk.keeps_picture(f"gallery-{theme}-{width}")


def test_our_typeface_is_there(gallery: Page) -> None:
    gallery.wait_for_load_state("networkidle")
    assert gallery.evaluate("document.fonts.check('13px Inter')")


def test_the_keys_work_outside_fields_and_can_be_switched_off(gallery: Page, nordbank: Organization) -> None:
    search, keys = gallery.get_by_role("searchbox", name="Search customers"), gallery.locator("#keys")
    gallery.keyboard.press("/")
    expect(search).to_be_focused()
    gallery.keyboard.type("/n?g")
    expect(search).to_have_value("/n?g")
    expect(keys).to_be_hidden()
    gallery.locator("main").focus()

    gallery.keyboard.press("j")
    first = gallery.evaluate("document.activeElement.textContent")
    gallery.keyboard.press("j")
    assert gallery.evaluate("document.activeElement.textContent") != first
    gallery.keyboard.press("k")
    assert gallery.evaluate("document.activeElement.textContent") == first

    gallery.keyboard.press("?")
    expect(keys).to_be_visible()
    gallery.get_by_label("Single-letter keys work").uncheck()
    gallery.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    gallery.keyboard.press("/")
    expect(search).not_to_be_focused()
    gallery.keyboard.press("?")
    expect(keys).to_be_hidden()


def test_regions_menus_and_places_are_reached_by_keyboard(gallery: Page, nordbank: Organization) -> None:
    where = "document.activeElement.closest('.rail, .topbar, main, .action-bar')?.className"
    reached = []
    for _ in range(4):
        gallery.keyboard.press("F6")
        reached.append(gallery.evaluate(where))
    assert reached == ["rail", "topbar", "page", "action-bar"]

    menu = gallery.locator("details.drop", has_text="Menu")
    menu.locator("summary").click()
    gallery.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Copy")).to_be_focused()
    gallery.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")

    gallery.keyboard.press("g")
    gallery.keyboard.press("o")
    gallery.wait_for_url(f"**{nordbank.url('overview')}")


def test_a_toast_goes_after_a_while_but_not_while_it_is_read(gallery: Page) -> None:
    gallery.clock.install()
    gallery.reload()
    gallery.evaluate(
        "document.getElementById('toasts').innerHTML = '<div class=toast data-toast>One<button>x</button></div>'"
    )
    toast = gallery.locator("#toasts .toast")
    expect(toast).to_be_visible()
    gallery.clock.run_for(7000)
    toast.hover()
    gallery.clock.run_for(20000)
    expect(toast).to_be_visible()
    gallery.mouse.move(0, 0)
    gallery.clock.run_for(9000)
    expect(toast).to_have_count(0)


def test_a_form_under_way_is_sent_once_and_says_so(gallery: Page) -> None:
    sent: list[str] = []
    gallery.route("**/slow/", lambda route: sent.append(route.request.url))
    gallery.evaluate("""() => {
        document.querySelector('main').insertAdjacentHTML('afterbegin', `<iframe name="elsewhere" title="x"></iframe>
            <form method="post" action="/slow/" target="elsewhere">
            <button class="button" data-busy="Saving…">Save this draft</button></form>`);
    }""")
    button = gallery.locator("form[action='/slow/'] button")
    width = button.evaluate("button => button.offsetWidth")
    button.click()
    expect(button).to_have_text("Saving…")
    expect(button).to_have_attribute("aria-busy", "true")
    assert button.evaluate("button => button.offsetWidth") == width
    button.click(force=True)
    gallery.wait_for_timeout(100)
    assert len(sent) == 1


def test_on_a_phone_the_rail_is_a_menu_and_the_theme_is_kept_for_the_person(
    gallery: Page, alice: Staff
) -> None:
    gallery.set_viewport_size({"width": 390, "height": 800})
    expect(gallery.get_by_role("link", name="Overview")).to_be_hidden()
    gallery.get_by_role("button", name="Menu", exact=True).click()
    expect(gallery.get_by_role("link", name="Overview")).to_be_visible()

    gallery.get_by_role("button", name="Use dark colours").click()
    expect(gallery.locator("html")).to_have_attribute("data-theme", "dark")
    alice.user.refresh_from_db()
    assert alice.user.theme == "dark"
