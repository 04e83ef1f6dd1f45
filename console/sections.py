"""Parts of a page that belong to an app above: a link to that app's own page, which htmx puts in its place.

A customer knows no segments. So the customer's page names addresses; where one resolves, the app above answers it: as a
page, or as the partial when htmx asks for the region (`request.htmx.target == section.region`).
"""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch

from console.organizations.models import Organization


@dataclass(frozen=True)
class Section:
    """A card: its heading, the address that fills it, and the id of its region."""

    heading: str
    url: str
    region: str


def sections(organization: Organization, key: Any, names: dict[str, str]) -> list[Section]:
    """The sections whose address exists: `names` has headings by url name, such as "segments:customer_segments"."""
    found = []
    for name, heading in names.items():
        try:
            url = organization.url(name, key)
        except NoReverseMatch:
            continue
        found.append(Section(heading, url, name.rsplit(":", 1)[-1].replace("_", "-")))
    return found
