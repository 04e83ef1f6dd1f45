"""How the console writes numbers, money, times and addresses. Built in: templates need no {% load %}."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.currencies import decimals
from console.navigation import Section, section_at
from console.statuses import status_badge

register = template.Library()

MINUS = "\u2212"
NOTHING = "–"
MOST_DECIMALS = 8
Number = Decimal | int | float | str | None


@cache
def icon_names() -> frozenset[str]:
    """The ids in the vendored sprite."""
    sprite = settings.BASE_DIR / "static/vendor/tabler/icons.svg"
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', sprite.read_text()))


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """{% icon "users" %}: decoration, so hidden from screen readers. Raises ValueError for a name not in the sprite."""
    if name not in icon_names():
        raise ValueError(f"No icon “{name}”. The sprite has: {', '.join(sorted(icon_names()))}.")
    address = f"{static('vendor/tabler/icons.svg')}#{name}"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', f"icon {classes}".strip(), address
    )


@register.simple_tag
def section_above(url: str) -> Section | None:
    """{% section_above url as section %}: the page of the rail above the page at `url`; None where it is one itself."""
    section = section_at(url)
    return None if section is None or section.url == url else section


@register.filter
def number(value: Number, places: int | None = None) -> str:
    """1998214 -> 1,998,214; None -> –. A minus is U+2212. With `places`, that many decimals."""
    if value is None or value == "":
        return NOTHING
    amount = Decimal(str(value))
    if places is not None:
        amount = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    text = f"{amount.copy_abs():,f}"  # abs() would round to 28 digits
    return f"{MINUS}{text}" if amount < 0 else text


@register.filter
def money(value: Number, currency: str = "") -> str:
    """With the decimals that its currency is written with (two where none is named), and never fewer than it has:
    −1,204.75, with a currency −1,204.75 EUR, 980 JPY, 0.125 EUR; None -> –. Eight at most, as many as are kept.
    """
    written = amount(value, currency)
    return written if written == NOTHING else f"{written} {currency}".strip()


@register.filter
def amount(value: Number, currency: str) -> str:
    """As `money` writes it, for where the currency stands beside it: 98.60 for EUR, 980 for JPY; None -> –."""
    if value is None or value == "":
        return NOTHING
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    places = max(decimals(currency), -exponent) if isinstance(exponent, int) else 0
    return number(value, min(places, MOST_DECIMALS))


@register.filter
def signed(value: Number) -> str:
    """A change: + 1,204, − 2,655, 0; None -> –."""
    if value is None or value == "":
        return NOTHING
    amount = Decimal(str(value))
    return number(value) if amount == 0 else f"{'+' if amount > 0 else MINUS} {number(abs(amount))}"


@register.filter
def share(part: Number, whole: Number) -> str:
    """{{ part|share:whole }} -> 0.95 %: two decimals under 10 %, one under 100 %, else none; no whole -> –."""
    if part is None or not whole:
        return NOTHING
    percent = Decimal(str(part)) * 100 / Decimal(str(whole))
    return f"{number(percent, 2 if abs(percent) < 10 else 1 if abs(percent) < 100 else 0)} %"


@register.filter(name="status_words")
def status_in_words(status: str) -> str:
    """ACTIVE -> Active."""
    return status_badge(status)[0]


@register.filter
def status_tone(status: str) -> str:
    """The tone of a status for components/badge.html."""
    return status_badge(status)[1]


@register.filter
def is_negative(value: Number) -> bool:
    """Whether an amount is under zero: {% if balance|is_negative %}."""
    return value not in (None, "") and Decimal(str(value)) < 0


@register.filter
def initials(name: str) -> str:
    """Ingrid Solheim -> IS; one word gives one letter."""
    words = [word for word in re.split(r"[\s.@_-]+", str(name)) if word]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def in_fours(value: str) -> str:
    """9f3c61d0a47e0b52 -> 9f3c 61d0 a47e 0b52, as fingerprints are read."""
    return " ".join(re.findall(".{1,4}", str(value)))


@register.filter
def day(value: date | datetime | None) -> str:
    """14 Nov 2026; None -> –. Give a local date: a moment is shown with {% when %}."""
    return f"{value.day} {value:%b %Y}" if value else NOTHING


@register.filter
def short_day(value: date | datetime | None) -> str:
    """14 Nov; None -> –."""
    return f"{value.day} {value:%b}" if value else NOTHING


def zone_of(context: Context) -> ZoneInfo | Any:
    """The zone of the organization whose page is shown, else the current one."""
    organization = getattr(getattr(context, "request", None), "organization", None)
    return organization.zone if organization else timezone.get_current_timezone()


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> str:
    """{% when at %}: 22 Nov 2026, 10:42 in the organization's zone, with the moment in UTC for machines."""
    if at is None:
        return NOTHING
    local = at.astimezone(zone_of(context))
    return time_element(at, f"{day(local)}, {local:%H:%M}")


@register.simple_tag(takes_context=True)
def day_of(context: Context, at: datetime | None) -> str:
    """{% day_of at %}: 22 Nov 2026 in the organization's zone, where only the day matters."""
    return local_day(at, zone_of(context)) if at else NOTHING


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None, *, mid: bool = False) -> str:
    """{% ago at %}: 6 min ago under an hour, then Today 09:02, Yesterday, 14 Nov; `mid` writes it small."""
    if at is None:
        return NOTHING
    words = relative(at, timezone.now(), zone_of(context))
    return time_element(at, words.lower() if mid and not words[0].isdigit() else words, zone_of(context))


def time_element(at: datetime, text: str, zone: ZoneInfo | None = None) -> SafeString:
    """A <time>; with a zone, the whole local date and time is its tooltip."""
    title = f"{at.astimezone(zone):%-d %b %Y, %H:%M:%S}" if zone else ""
    iso = at.astimezone(UTC).isoformat(timespec="seconds")
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', iso, title, text)
    return format_html('<time datetime="{}">{}</time>', iso, text)


def local_day(at: datetime, zone: ZoneInfo) -> SafeString:
    """The day of a moment in `zone`; the time of day is its tooltip."""
    return time_element(at, day(at.astimezone(zone)), zone)


def relative(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """The words for the moment `at` seen from `now`; days are counted in `zone`. The future reads "in 18 min"."""
    minutes = round((now - at).total_seconds() / 60)
    if minutes == 0:
        return "just now"
    if abs(minutes) < 60:
        return f"{minutes} min ago" if minutes > 0 else f"in {-minutes} min"
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"Today {local:%H:%M}"
    if abs(local.date() - today) == timedelta(days=1):
        return "Yesterday" if local.date() < today else f"Tomorrow {local:%H:%M}"
    return short_day(local) if local.year == today.year else day(local)


@register.simple_tag(takes_context=True)
def path(context: Context, name: str, *args: Any) -> str:
    """{% path "customers:customer_detail" customer.pk %}: the address in the organization whose page is shown."""
    request = getattr(context, "request", None) or context["request"]
    return reverse(name, args=(request.organization.slug, *args))


@register.simple_tag
def sort_next(current: str, key: str) -> str:
    """The sort a header link leads to: a first press sorts ascending, a second descending."""
    return f"-{key}" if current == key else key


@register.filter
def described(field: Any) -> str:
    """The id of a bound field's error, for a list that links to the field it is about."""
    return f"{field.auto_id}_error"


@register.filter
def count(value: Any) -> str:
    """A whole number with separators; words stay as they are."""
    return number(value) if isinstance(value, int | Decimal) else str(NOTHING if value is None else value)


@register.simple_tag
def count_errors(form: Any, faults: list[Any] | None = None) -> int:
    """How many things a person must put right in a form (or none) and a list of further faults."""
    return (sum(len(errors) for errors in form.errors.values()) if form else 0) + len(faults or [])


@register.filter
def key_face(keys: str) -> str:
    """How a key is printed: "Control+S" -> Ctrl S, "Control+Enter" -> Ctrl ⏎."""
    return keys.replace("Control", "Ctrl").replace("Enter", "⏎").replace("+", " ")


@register.filter
def city(zone: str) -> str:
    """Europe/Prague -> Prague; America/New_York -> New York."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


@register.filter
def unlocalized(value: Number) -> str:
    """A number for machines (attributes): 1204, never 1,204; None -> 0."""
    return str(value or 0)


BOOKS = [
    ("sent", ""),
    ("failed", "bad"),
    ("suppressed", ""),
    ("uncertain", "warn"),
    ("dead", "bad"),
    ("queued", ""),
]


@register.simple_tag
def books_parts(books: dict[str, int]) -> dict[str, Any]:
    """The right side of planned = sent + … and whether it holds; failed, dead and uncertain stand out when any are."""
    values = [(name, books.get(name, 0), tone) for name, tone in BOOKS]
    total = sum(value for _, value, _ in values)
    parts = [
        {"label": name.title(), "value": value, "tone": tone if value else ""} for name, value, tone in values
    ]
    return {"parts": parts, "total": total, "is_balanced": total == books.get("planned", 0)}


@register.filter(is_safe=True)
@stringfilter
def tight(field: str) -> str:
    """A form field without the line break its widget ends with, so that a comma can follow: {{ field|tight }}, and."""
    return field.strip()
