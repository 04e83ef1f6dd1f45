"""The parts in a real browser: nothing for axe to find by day, by night or on a phone; keys, menus, toasts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from console.organizations.models import Organization, Staff

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("gallery")]
AXE = settings.BASE_DIR / "tests/vendor/axe-core/axe.min.js"


@pytest.fixture
def gallery(
    live_server: Any, transactional_db: None, nordbank: Organization, alice: Staff
) -> Callable[[Page], None]:
    """Open the gallery, signed in as Alice."""
    client = Client()
    client.force_login(alice.user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    def open_in(page: Page) -> None:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
        )
        page.goto(live_server.url + nordbank.url("gallery"))

    return open_in


def found_by_axe(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['html'][:120]}" for fault in result["violations"] for node in fault["nodes"]
    ]


@pytest.mark.parametrize(("theme", "axe_widths"), [("light", {1440, 320}), ("dark", {1440})])
def test_axe_finds_nothing_and_nothing_runs_over(
    browser: Browser, gallery: Callable[[Page], None], theme: Any, axe_widths: set[int]
) -> None:
    page = browser.new_page(bypass_csp=True, color_scheme=theme)
    gallery(page)
    for width in (1440, 1280, 800, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width in axe_widths:
            assert found_by_axe(page) == [], f"at {width} px, {theme}"
    page.close()


def test_the_strict_policy_stops_nothing_of_ours(page: Page, gallery: Callable[[Page], None]) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    gallery(page)
    page.wait_for_load_state("networkidle")
    assert complaints == []
    assert page.evaluate("document.fonts.check('13px Inter')")


def test_the_keys_work_outside_fields_and_can_be_switched_off(
    page: Page, gallery: Callable[[Page], None], nordbank: Organization
) -> None:
    gallery(page)
    search, keys = page.get_by_role("searchbox", name="Search customers"), page.locator("#keys")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("/n?g")
    expect(search).to_have_value("/n?g")
    expect(keys).to_be_hidden()
    page.locator("main").focus()

    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == first

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.get_by_label("Single-letter keys work").uncheck()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("/")
    expect(search).not_to_be_focused()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()


def test_regions_menus_and_places_are_reached_by_keyboard(
    page: Page, gallery: Callable[[Page], None], nordbank: Organization
) -> None:
    gallery(page)
    where = "document.activeElement.closest('.rail, .topbar, main, .action-bar')?.className"
    reached = []
    for _ in range(4):
        page.keyboard.press("F6")
        reached.append(page.evaluate(where))
    assert reached == ["rail", "topbar", "page", "action-bar"]

    menu = page.locator("details.drop", has_text="Menu")
    menu.locator("summary").click()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("link", name="Copy")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")

    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url(f"**{nordbank.url('overview')}")


def test_a_toast_goes_after_a_while_but_not_while_it_is_read(
    page: Page, gallery: Callable[[Page], None]
) -> None:
    page.clock.install()
    gallery(page)
    page.evaluate(
        "document.getElementById('toasts').innerHTML = '<div class=toast data-toast>One<button>x</button></div>'"
    )
    toast = page.locator("#toasts .toast")
    expect(toast).to_be_visible()
    page.clock.run_for(7000)
    toast.hover()
    page.clock.run_for(20000)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(9000)
    expect(toast).to_have_count(0)


def test_a_form_under_way_is_sent_once_and_says_so(page: Page, gallery: Callable[[Page], None]) -> None:
    gallery(page)
    sent: list[str] = []
    page.route("**/slow/", lambda route: sent.append(route.request.url))
    page.evaluate("""() => {
        document.querySelector('main').insertAdjacentHTML('afterbegin', `<iframe name="elsewhere" title="x"></iframe>
            <form method="post" action="/slow/" target="elsewhere">
            <button class="button" data-busy="Saving…">Save this draft</button></form>`);
    }""")
    button = page.locator("form[action='/slow/'] button")
    width = button.evaluate("button => button.offsetWidth")
    button.click()
    expect(button).to_have_text("Saving…")
    expect(button).to_have_attribute("aria-busy", "true")
    assert button.evaluate("button => button.offsetWidth") == width
    button.click(force=True)
    page.wait_for_timeout(100)
    assert len(sent) == 1


def test_on_a_phone_the_rail_is_a_menu_and_the_theme_is_kept_for_the_person(
    page: Page, gallery: Callable[[Page], None], alice: Staff
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    gallery(page)
    expect(page.get_by_role("link", name="Overview")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.get_by_role("link", name="Overview")).to_be_visible()

    page.get_by_role("button", name="Use dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    alice.user.refresh_from_db()
    assert alice.user.theme == "dark"
