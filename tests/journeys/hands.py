"""Two hands on the keyboard in front of the rule builder, which answers every act with a new tree."""

from playwright.sync_api import Page, Response, expect


def brings_the_tree(answer: Response) -> bool:
    """Whether an answer is the builder's own, not that of a count beside it."""
    return answer.request.method == "POST" and not answer.url.endswith(("/preview/", "/funnel/"))


class Hands:
    """Two hands on a keyboard: no pointer is ever used."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, name: str) -> "Hands":
        """Wait until the control of this name has the focus."""
        expect(self.page.locator(":focus")).to_have_accessible_name(name)
        return self

    def tab_to(self, name: str) -> "Hands":
        """Press Tab until the control of this name has the focus."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if (
                self.page.get_by_label(name, exact=True)
                .or_(self.page.get_by_role("button", name=name))
                .locator("visible=true")
                .evaluate_all("all => all.includes(document.activeElement)")
            ):
                return self
        raise AssertionError(f"Tab never reaches “{name}”.")

    def type(self, text: str) -> "Hands":
        self.page.keyboard.type(text)
        return self

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def choose(self, text: str) -> "Hands":
        """Choose in a select by its first letters, and wait until the answer is there."""
        with self.page.expect_response(brings_the_tree):
            self.type(text)
        return self.settled()

    def act(self, *keys: str) -> "Hands":
        """Press keys that change the rules, and wait until the tree is there again."""
        for key in keys:
            with self.page.expect_response(brings_the_tree):
                self.press(key)
            self.settled()
        return self

    def settled(self) -> "Hands":
        expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        return self
