"""Every pair of colours that words or edges are made of can be read, by day and by night; computed from the CSS."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/tokens.css").read_text()
TOKENS = {
    name: (day, night)
    for name, day, night in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
}
SURFACES = ("sheet", "canvas", "sunk", "hover")
WORDS = ("ink", "ink-2", "ink-3", "accent")
SOFT = ("good", "warn", "bad")
SIDES = ("any", "none", "rows")
CHARTS = ("chart-1", "chart-2", "chart-3", "chart-bad", "chart-mute")


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2 of a colour such as #0b5a72."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: int) -> float:
    """The contrast ratio of two tokens; theme 0 is day, 1 is night."""
    light, dark = sorted((luminance(TOKENS[name][theme]) for name in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


READ = [(word, surface) for word in WORDS for surface in SURFACES]
READ += [(tone, f"{tone}-soft") for tone in SOFT] + [
    (tone, surface) for tone in SOFT for surface in ("sheet", "canvas")
]
READ += [(side, "sheet") for side in SIDES] + [("ink", f"{tone}-soft") for tone in SOFT]
READ += [
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent-ink", "accent-soft"),
    ("accent", "accent-soft"),
]
READ += [
    ("ink", "accent-soft"),
    ("ink-3", "accent-soft"),
    ("ink-2", "mute-soft"),
    ("ink", "mute-soft"),
    ("canvas", "ink"),
]
SEEN = [("edge", "sheet"), ("edge", "canvas"), *((line, "sheet") for line in CHARTS)]


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("word", "ground"), READ)
def test_words_can_be_read(word: str, ground: str, theme: int) -> None:
    assert contrast(word, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("edge", "ground"), SEEN)
def test_edges_and_lines_can_be_seen(edge: str, ground: str, theme: int) -> None:
    assert contrast(edge, ground, theme) >= 3


def test_the_ratios_of_the_design_hold() -> None:
    assert round(contrast("ink", "sheet", 0), 1) == 16.4
    assert round(contrast("ink-3", "accent-soft", 0), 2) == 4.95
    assert round(contrast("accent", "sheet", 1), 1) == 8.4


def test_every_colour_in_use_is_a_token() -> None:
    used = set()
    for sheet in (settings.BASE_DIR / "static/css").glob("*.css"):
        used |= set(re.findall(r"var\(--([\w-]+)\)", sheet.read_text()))
    declared = set(
        re.findall(
            r"--([\w-]+):", "".join(p.read_text() for p in (settings.BASE_DIR / "static/css").glob("*.css"))
        )
    )
    assert used <= declared
