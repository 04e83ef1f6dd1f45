"""The browser of the journeys: Debian's Chromium, installed while the other checks run where it is missing."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = "apt-get -qq update && apt-get -qq install --no-install-recommends --yes chromium"
MISSING = (
    "The journeys need Chromium. Install it (Debian: apt install chromium), or name one in TRANCHE_CHROMIUM."
)


def executable() -> str | None:
    """The browser's path: TRANCHE_CHROMIUM, else the first that is installed."""
    return os.environ.get("TRANCHE_CHROMIUM") or next(filter(None, map(shutil.which, CANDIDATES)), None)


def launch_arguments() -> dict[str, Any]:
    """What Playwright's `launch` needs: our own browser, which asks nothing of the network."""
    flags = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses to run as root with it
    return {"executable_path": executable(), "args": flags}


class Chromium:
    """An installation under way, if one was needed."""

    def __init__(self) -> None:
        self.installation: subprocess.Popen[str] | None = None
        if executable() is None and os.geteuid() == 0 and shutil.which("apt-get"):
            self.installation = subprocess.Popen(
                ["sh", "-c", INSTALL],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            )

    @classmethod
    @contextlib.contextmanager
    def being_installed(cls) -> "Iterator[Chromium]":
        """Begin now; at the end wait for it even if nobody else did, since half an installation helps nobody."""
        chromium = cls()
        try:
            yield chromium
        finally:
            if chromium.installation is not None:
                chromium.installation.wait()

    def wait(self) -> str | None:
        """None when there is a browser, else why not and what to do."""
        output = self.installation.communicate()[0] if self.installation else ""
        return None if executable() else f"{MISSING}\n{output}".rstrip()
