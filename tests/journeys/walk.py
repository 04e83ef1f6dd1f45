"""A person in front of the console: signs in, looks, types, and leaves a picture of every page in docs/screenshots."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import ConsoleMessage, Locator, Page, ViewportSize, expect

from console.organizations.models import Staff
from tests.approvals import another
from tests.communications.sinks import free_port
from tests.conftest import signed_in

AXE = settings.BASE_DIR / "tests/vendor/axe-core/axe.min.js"
PICTURES = settings.BASE_DIR / "docs/screenshots"
SIZE: ViewportSize = {"width": 1440, "height": 900}
TALLEST = 1400
# A list begins anew with a letter that comes a second after the last, as on a machine that is busy; one types again.
TRIES, FORGETS = 3, 1100
KEEPS_PICTURES = os.environ.get("TRANCHE_SCREENSHOTS") == "1"


class Walk:
    """One person's way through the console in one window. What the browser complains of is a fault of ours."""

    def __init__(self, page: Page, url: str, staff: Staff) -> None:
        self.page, self.url, self.staff = page, url, staff
        self.complaints: list[str] = []
        page.set_viewport_size(SIZE)
        page.on("console", self.hears)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hears(self, message: ConsoleMessage) -> None:
        """Keep what the browser's console says, but for counts that a newer one replaced and refused forms (422).

        What it notes without a warning is no complaint, such as that the focus stayed where a person had put it.
        """
        text = message.text
        expected = text.startswith(("htmx:sendAbort", "htmx:afterRequest")) or "status of 422" in text
        if message.type != "info" and not expected:
            self.complaints.append(text)

    def signs_in(self) -> None:
        """Be in: the way through the door is a journey of its own."""
        self.page.goto(self.url + "/sign-in/")
        self.keeps_picture("sign-in")
        session = signed_in(self.staff).cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url, "httpOnly": True}]
        )
        self.page.goto(self.url)
        expect(self.page.get_by_role("navigation", name="Main")).to_be_visible()

    def settles(self) -> None:
        """Wait until what came is in its place: a link that is pressed before loads the whole page."""
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)

    @contextmanager
    def colleague(self) -> Iterator["Walk"]:
        """Somebody else who may decide, signed in in a browser of their own."""
        browser = self.page.context.browser
        assert browser is not None
        with browser.new_context() as context:
            walk = Walk(context.new_page(), self.url, another(self.staff))
            walk.signs_in()
            yield walk

    def gets_approved(
        self, title: str, *, picture: str = "approval", says: str = "Approved: it is active now."
    ) -> None:
        """A colleague finds what was asked for, reads it, and approves it."""
        with self.colleague() as other:
            other.opens("approval_list")
            other.looks(f"{picture}s-waiting")
            other.page.get_by_role("link", name=title).click()
            expect(other.page.get_by_role("heading", name="What would change")).to_be_visible()
            other.looks_everywhere(picture)
            other.page.get_by_label("Comment").fill("Read and fine.")
            other.page.get_by_role("button", name="Approve").click()
            expect(other.page.get_by_text(says)).to_be_visible()
            other.looks(f"{picture}-given")
        self.page.reload()

    def is_turned_away(self, path: str, status: int) -> None:
        """An address that shows nothing to this person answers so, with a page of ours."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status
        self.complaints.clear()  # the browser notes the status
        self.looks(f"error-{status}")

    def opens(self, name: str, *args: Any) -> None:
        """Go to a page of the organization by its name in the code."""
        self.page.goto(self.url + self.staff.organization.url(name, *args))

    def finds_no_fault(self, name: str) -> None:
        """Neither axe nor the browser complains of the page."""
        self.page.evaluate(AXE.read_text())
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations'], iframes: false})")
        found = [f"{v['id']}: {node['html'][:160]}" for v in result["violations"] for node in v["nodes"]]
        assert not found + self.complaints, f"{name}: {found + self.complaints}"

    def fits(self, width: int) -> None:
        """In a window of so many pixels nothing runs over the right edge."""
        self.page.set_viewport_size({"width": width, "height": 900})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, (
            f"{self.page.url} at {width} px"
        )

    def looks(self, name: str) -> None:
        """Find no fault; a picture of the page is kept when asked for."""
        self.finds_no_fault(name)
        self.keeps_picture(name)

    def looks_everywhere(self, name: str) -> None:
        """By day, by night and on a phone."""
        self.looks(name)
        self.page.emulate_media(color_scheme="dark")
        self.looks(f"{name}-dark")
        self.page.emulate_media(color_scheme="light")
        self.fits(390)
        self.looks(f"{name}-narrow")
        self.page.set_viewport_size(SIZE)

    def keeps_picture(self, name: str) -> None:
        """The whole page in one window as tall as it is: what sticks to the lower edge stands at its end."""
        if not KEEPS_PICTURES:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size or SIZE
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
        self.page.screenshot(path=PICTURES / f"{name}.png")
        self.page.set_viewport_size(size)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tabs_to(self, target: Locator, *, limit: int = 150) -> None:
        """Reach a control with the Tab key alone."""
        for _ in range(limit):
            if target.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} can't be reached with the Tab key.")

    def picks(self, label: str, option: str) -> None:
        """Choose in a list by typing what stands there, as a person without a mouse does."""
        control = self.page.get_by_role("combobox", name=label, exact=True)
        expect(control).to_be_visible()
        for _ in range(TRIES):
            self.tabs_to(control)
            self.page.keyboard.type(option, delay=5)
            if control.evaluate("node => node.matches(':open')"):
                self.presses("Enter")
            if control.locator("option:checked").inner_text().strip() == option:
                break
            self.page.wait_for_timeout(FORGETS)
        expect(control.locator("option:checked")).to_have_text(option)

    def types(self, label: str, text: str) -> None:
        field = self.page.get_by_role("textbox", name=label, exact=True)
        expect(field).to_be_visible()
        self.tabs_to(field)
        self.presses("Control+A")
        self.page.keyboard.type(text)


@contextmanager
def mail_catcher(folder: Path) -> Iterator[tuple[int, str]]:
    """The project's own mail catcher: its SMTP port and the address of its page."""
    smtp, pages = free_port(), free_port()
    command = [sys.executable, "-m", "console.embedded.mail.catcher", str(folder), str(smtp), str(pages)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", pages)) == 0:
                        break
                time.sleep(0.05)
            yield smtp, f"http://127.0.0.1:{pages}"
        finally:
            process.terminate()
