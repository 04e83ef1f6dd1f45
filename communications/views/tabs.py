"""The views of communications beside each other."""

from typing import Any

from console.organizations.access import StaffRequest

TABS = [
    ("Communications", "configuration_list"),
    ("Messages", "message_list"),
    ("Endpoints", "endpoint_list"),
]


def tabs(request: StaffRequest, here: str) -> list[dict[str, Any]]:
    """For components/tabs.html."""
    return [
        {
            "label": label,
            "url": request.organization.url(f"communications:{name}"),
            "is_current": name == here,
        }
        for label, name in TABS
    ]
