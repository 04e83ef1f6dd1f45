"""Liquid as staff may write it: what is refused when saving, what is escaped, and what is stopped."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communications.rendering.content import Content
from communications.rendering.environment import Fault, faults
from communications.rendering.fields import context, fields, sample
from communications.rendering.markup import acting
from communications.rendering.plain_text import plain_text
from communications.rendering.renderer import Renderer
from console.customers.models import Attribute
from console.organizations.models import Organization
from tests.factories import CustomerFactory

FIELDS = ["customer.name", "customer.country", "customer.custom_data.tier", "unsubscribe_url"]
VALUES: dict[str, Any] = {
    "customer": {"name": "<b>Ann</b>", "country": None, "custom_data": {"tier": "gold"}},
    "unsubscribe_url": "https://bank.example/u/1/",
}


@pytest.fixture
def renderer() -> Iterator[Renderer]:
    with Renderer() as one:
        yield one


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("a\n{{ customer.nmae }}", "Line 2: There is no field “customer.nmae”. Did you mean customer.name?"),
        ("{{ name }}", "Line 1: There is no field “name”. Did you mean customer.name?"),
        ("{{ customer }}", "Line 1: There is no field “customer”. Did you mean customer.name?"),
        ("{{ customer.password | default: 'x' }}", "Line 1: There is no field “customer.password”."),
        ("{% if customer.kind == 1 %}x{% endif %}", "Line 1: There is no field “customer.kind”."),
        ("{{ customer.name | upcas }}", "Line 1: There is no filter “upcas”. Did you mean upcase?"),
        ("{{ customer.name | safe }}", "Line 1: There is no filter “safe”."),
        ("{% for x in (1..9) %}{% endfor %}", "Line 1: “for” can't be used here."),
        ("{% assign x = 1 %}", "Line 1: “assign” can't be used here."),
        ("{% include 'settings' %}", "Line 1: “include” can't be used here."),
        ("{% render 'settings' %}", "Line 1: “render” can't be used here."),
        ("{{ (1..100000000) | size }}", "Line 1: Ranges can't be used here."),
        ("{% if customer.name contains (1..3) %}{% endif %}", "Line 1: Ranges can't be used here."),
        ("\n\n{{ customer.name", "Line 3: "),
        ("{% if customer.name %}", "“endif” is missing."),
    ],
)
def test_what_a_template_may_not_say(source: str, fault: str) -> None:
    found = [str(one) for one in faults("html", source, FIELDS)]
    assert any(one.startswith(fault) for one in found), found


@pytest.mark.parametrize(
    "source",
    [
        "Dear {{ customer.name | default: 'customer' }}, {{ customer.custom_data.tier | upcase }}",
        "{% if customer.country == 'CZ' %}Dobrý den{% elsif customer.country %}Hello{% else %}Hi{% endif %}",
        "{% unless customer.country %}x{% endunless %}{% case customer.country %}{% when 'CZ' %}x{% endcase %}",
        "{% comment %}not sent{% endcomment %}{% raw %}{{ braces }}{% endraw %}",
        "No fields at all: 100 % of {it}",
    ],
)
def test_what_a_template_may_say(source: str, renderer: Renderer) -> None:
    assert renderer.check(Content("Subject", source), FIELDS, VALUES) == []


def test_values_are_escaped_in_html_and_nowhere_else(renderer: Renderer) -> None:
    content = Content("For {{ customer.name }}", "<p>{{ customer.name }}</p>", "{{ customer.name }}")
    [result] = renderer.render(content, [VALUES])
    assert result == {
        "subject": "For <b>Ann</b>",
        "html": "<p>&lt;b&gt;Ann&lt;/b&gt;</p>",
        "text": "<b>Ann</b>",
    }


def test_a_field_without_a_value_is_empty(renderer: Renderer) -> None:
    [result] = renderer.render(Content("[{{ customer.country }}]", "x"), [VALUES])
    assert isinstance(result, dict)
    assert result["subject"] == "[]"


def test_the_text_part_is_written_from_the_html(renderer: Renderer) -> None:
    html = '<style>p {}</style><h1>Hi {{ customer.name }}</h1><p>Read <a href="{{ unsubscribe_url }}">this</a>.</p>'
    [result] = renderer.render(Content("x", html), [VALUES])
    assert isinstance(result, dict)
    assert result["text"] == "Hi <b>Ann</b>\n\nRead this (https://bank.example/u/1/)."


def test_text_from_html_keeps_lists_tables_and_liquid() -> None:
    condition = "{% if customer.name == '<x>' %}two{% endif %}"
    html = f"<ul><li>one</li><li>{condition}</li></ul><table><tr><td>a</td><td>b &amp; c</td></tr></table>"
    assert plain_text(html) == "- one\n- {% if customer.name == '<x>' %}two{% endif %}\n\na b & c"


BOMBS = {
    "memory": "{{ 'aaaaaaaaaa' " + "| replace: 'a', 'aaaaaaaaaa' " * 9 + "}}",
    "output": "{{ 'aaaaaaaaaa' " + "| replace: 'a', 'aaaaaaaaaa' " * 6 + "}}",
    "time": "{{ 'aaaaaaaa' "
    + "| replace: 'a', 'aaaaaaaa' " * 6
    + "| upcase | downcase " * 1000
    + "| size }}",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_that_takes_too_much_is_stopped_and_the_next_one_is_written(
    bomb: str, renderer: Renderer
) -> None:
    began = time.monotonic()
    results = renderer.render(Content("x", BOMBS[bomb]), [VALUES, VALUES])
    assert all(isinstance(result, Fault) for result in results), results
    assert time.monotonic() - began < 20
    [fine] = renderer.render(Content("x", "fine"), [VALUES])
    assert not isinstance(fine, Fault)


def test_one_customer_who_cannot_be_written_harms_no_other(renderer: Renderer) -> None:
    content = Content("x", "{% if customer.name == 'big' %}" + BOMBS["memory"] + "{% else %}fine{% endif %}")
    contexts = [VALUES | {"customer": {"name": name}} for name in ["a", "big", "b", "big", "c"]]
    results = renderer.render(content, contexts)
    assert [isinstance(result, Fault) for result in results] == [False, True, False, True, False]


def test_a_process_that_dies_is_started_again(renderer: Renderer) -> None:
    renderer.render(Content("x", "y"), [VALUES])
    assert renderer._child
    renderer._child.kill()
    results = renderer.render(Content("x", "y"), [VALUES])
    assert isinstance(results[0], Fault)
    assert isinstance(renderer.render(Content("x", "y"), [VALUES])[0], dict)


def test_the_process_knows_nothing_of_ours(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "hunter2")
    renderer.render(Content("x", "y"), [VALUES])
    assert renderer._child
    environ = Path(f"/proc/{renderer._child.pid}/environ").read_bytes()
    assert b"hunter2" not in environ
    assert b"SECRET_KEY" not in environ


@pytest.mark.django_db
def test_declared_attributes_are_fields_and_nothing_else_of_a_customer_is(nordbank: Organization) -> None:
    for key, kind in (("tier", "text"), ("loyalty.points", "number")):
        Attribute.objects.create(organization=nordbank, entity="customers", key=key, type=kind)
    Attribute.objects.create(organization=nordbank, entity="accounts", key="branch", type="text")
    known = fields(nordbank)
    names = [field.name for field in known]
    assert "customer.custom_data.loyalty.points" in names
    assert not [name for name in names if "branch" in name]
    data = {"tier": "gold", "loyalty": {"points": 7}, "secret": "x"}
    customer = CustomerFactory.create(organization=nordbank, custom_data=data)
    filled = context(customer, nordbank, known, "https://bank.example/u/1/")
    assert filled["customer"]["custom_data"] == {"tier": "gold", "loyalty": {"points": 7}}
    assert sample(known)["customer"]["custom_data"]["loyalty"] == {"points": 12}


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("<p>x</p>\n<script>alert(1)</script>", 2),
        ("<form action=x>", 1),
        ("\n\n<iframe src='x'>", 3),
        ("<img src=x onerror=alert(1)>", 1),
        ("<a href='java\nscript:alert(1)'>x</a>", 1),
        ("<a href='\x01javascript:alert(1)'>x</a>", 1),
        ("<meta http-equiv=refresh content='0;url=https://evil.example'>", 1),
        ("<p>x</p>\n<svg><a xlink:href='javascript:alert(1)'>x</a></svg>", 2),
        ("<link rel=stylesheet href=x>", 1),
    ],
)
def test_html_that_acts_is_refused_with_its_line(html: str, line: int) -> None:
    [fault] = acting(html)
    assert fault.line == line


def test_html_of_a_letter_is_taken() -> None:
    assert (
        acting(
            '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
            "<style>p { color: red }</style><table><tr><td style='x'><a href='{{ u }}'>x</a></td></tr></table>"
        )
        == []
    )
