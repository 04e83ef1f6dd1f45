"""What stands behind the question mark: filters, cursors and choices of every page and file, with foreign ids.

Asked are the names that pages have in their links and forms and that filters declare, with ids of theirs; and whatever
the other bank's own pages ask of the same address.
"""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.apps import apps
from django.test import Client

from console.filters import ListFilters
from console.organizations.models import Role
from tests.conftest import signed_in
from tests.walls.forms import Reader
from tests.walls.report import Walk
from tests.walls.walking import HTMX, THEIRS, Bank, content, own, read, undone
from tests.walls.witness import Witness, first_wall_alone, written

Question = tuple[str, str]
ROLE = Role.ADMIN


def declared() -> set[Question]:
    """The names of all filters."""
    return {(name, "") for each in ListFilters.__subclasses__() for name in each.base_filters}


def in_links(page: Reader) -> Iterator[tuple[str, Question]]:
    """What its links ask, each with the address that is asked."""
    for link in page.links:
        parts = urlsplit(link)
        for question in parse_qsl(parts.query):
            yield parts.path or urlsplit(page.url).path, question


def in_forms(page: Reader) -> Iterator[Question]:
    """What its search forms ask; each choice of a select."""
    for form in page.forms.values():
        if form.method == "get":
            for control in form.controls:
                yield from ((control.name, value) for value in [control.value, *control.options])


def gathered(
    pages: dict[str, Reader], elsewhere: list[Reader], there: str, here: str
) -> dict[str, set[Question]]:
    """By address what our pages ask of it, and what theirs ask of theirs."""
    questions = {url: set(in_forms(page)) for url, page in pages.items()}
    for page in (*pages.values(), *elsewhere):
        for path, question in in_links(page):
            questions.setdefault(path.replace(there, here), set()).add(question)
    return questions


def of_theirs(witness: Witness, questions: set[Question]) -> set[Question]:
    """The same questions about them: their ids for ours; where no id stands, what they call a customer."""
    models = {model._meta.model_name: model for model in apps.get_models()}
    reference = witness.theirs.customers.get().external_id
    asked = set()
    for name, value in questions:
        swapped = witness.swapped(value)
        if swapped != value or witness.is_theirs(value):
            asked.add((name, swapped))
        elif name in models:
            asked |= {(name, key) for key in witness.like(models[name])}
        else:
            asked.add((name, reference))
    return asked


def is_file(client: Client, url: str) -> bool:
    with undone():
        answer = client.get(url)
        return answer.status_code == 200 and not answer.headers["Content-Type"].startswith("text/html")


def ask(
    client: Client,
    path: str,
    url: str,
    questions: set[Question],
    targets: list[str],
    witness: Witness,
    tried: Walk,
) -> None:
    """Ask each of them by a browser and by htmx, and write down a leak when the answer fails or tells something."""
    ways = [("GET", {}), *(("GET by htmx", {**HTMX, "HX-Target": target}) for target in targets)]
    for name, value in sorted(questions):
        for way, headers in ways if witness.is_theirs(value) else ways[:1]:
            with undone():
                before = written()
                with first_wall_alone():
                    answer = client.get(url, {name: value}, headers=headers)
                    text = content(answer)
                faults = witness.faults() if written() > before else []
            tried.asked(path, ROLE, way, status=answer.status_code, ids=1)
            if answer.status_code >= 500 or THEIRS in text or faults:
                tried.found(f"{way} {url}?{name}={value}: {answer.status_code} {faults[:3]}")


@pytest.mark.django_db
def test_no_question_is_answered_about_another_bank(
    ours: Bank, theirs: Bank, walk: Callable[[str], Walk]
) -> None:
    client, outsider = (signed_in(bank.staff.get(role=ROLE)) for bank, _ in (ours, theirs))
    urls = own(ours)
    pages = {page.url: page for page in read(client, urls.values())}
    elsewhere = list(read(outsider, own(theirs).values()))
    questions = gathered(pages, elsewhere, f"/o/{theirs[0].slug}/", f"/o/{ours[0].slug}/")
    anything = {(name, "") for asked in questions.values() for name, _ in asked} | declared()
    witness, in_pages, in_files = (
        Witness(*(bank for bank, _ in (ours, theirs))),
        walk("ids in questions"),
        walk("ids in files"),
    )
    for path, url in urls.items():
        if url in pages:
            ask(
                client,
                path,
                url,
                of_theirs(witness, questions[url]),
                pages[url].targets[:1],
                witness,
                in_pages,
            )
        elif is_file(client, url):
            asked = of_theirs(witness, questions.get(url, set()) | anything)
            ask(client, path, url, asked, [], witness, in_files)
    assert in_pages.leaks + in_files.leaks == []
    assert len(in_pages.addresses) > 30
    assert len(in_files.addresses) > 3
