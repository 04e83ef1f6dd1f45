"""Parts of a page that belong to an app above: a link to that app's own page, which htmx puts in its place.

A customer knows no segments. So the customer's page names addresses, and the app above answers them: as a page, or as
the partial `card` when htmx asks for the region (`request.htmx.target == section.region`).
"""

from dataclasses import dataclass
from typing import Any

from console.organizations.models import Organization


@dataclass(frozen=True)
class Section:
    """A card: its heading, the address that fills it, and the id of its region."""

    heading: str
    url: str
    region: str


def sections(organization: Organization, key: Any, names: dict[str, str]) -> list[Section]:
    """A section for each of `names`, which has headings by url name, such as "segments:customer_segments"."""
    return [
        Section(heading, organization.url(name, key), name.rsplit(":", 1)[-1].replace("_", "-"))
        for name, heading in names.items()
    ]
