"""What the pages of the door need beside the house's own tags."""

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder

from console.demo import bank

register = template.Library()
# The first mark that is found counts: many browsers name others too.
BROWSERS = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
]


@register.simple_tag
def demo_people() -> list[bank.Person]:
    """Who comes in by a button: the demo bank's people, on a demonstration only."""
    return bank.people_at_the_door()


@register.filter
def as_json(value: Any) -> str:
    """For a data- attribute that a module of ours reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def browser(user_agent: str) -> str:
    """Firefox on Windows: what a browser says of itself, as people call it."""
    name = next((name for mark, name in BROWSERS if mark in user_agent), "Another program")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return f"{name} on {system}" if system else name
