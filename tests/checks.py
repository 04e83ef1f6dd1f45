"""bin/test: every check of the project in turn, the tests last. With arguments only the tests, with those."""

import os
import subprocess
import sys
import time
from pathlib import Path

from console.embedded.paths import CHECKOUT
from console.embedded.postgres import APP, OWNER
from console.embedded.throwaway import THROWN_AWAY, throwaway
from tests import seed
from tests.browser import Chromium

MANAGE = [sys.executable, "manage.py"]
TEMPLATES = ["templates", "console", "segments", "communications", "alerts"]
CHECKS: dict[str, list[str]] = {
    "format": ["ruff", "format", "--check", "--output-format", "concise", "."],
    "lint": ["ruff", "check", "--output-format", "concise", "."],
    "imports": ["lint-imports"],
    "templates": ["djlint", "--lint", "--quiet", *TEMPLATES],
    "types": ["mypy"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
}
# What a bank would set, so that the deployment check judges that and not a laptop.
PRODUCTION = {
    "DEBUG": "0",
    "TRANCHE_DEMO": "0",
    "HTTPS": "1",
    "PROXY_COUNT": "1",
    "ALLOWED_HOSTS": "console.bank.example",
}


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 only if all of it passed."""
    if arguments:
        return run_tests(arguments, dict(os.environ))
    with Chromium.being_installed() as chromium, throwaway(dict(os.environ), seed.current()) as ground:
        environ = {**os.environ, **ground, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        failed = [name for name, command in CHECKS.items() if not check(name, command, environ)]
        problem = chromium.wait()
        if problem:
            print(problem, flush=True)
            failed.append("browser")
        environ["TRANCHE_FAILED_CHECKS"] = ", ".join(failed)
        code = run_tests(["-n", "2", "--dist", "loadgroup"], environ)
    return code or bool(failed)


def check(name: str, command: list[str], environ: dict[str, str]) -> bool:
    """Run one check; its output is shown only if it fails."""
    began = time.monotonic()
    settings = PRODUCTION | as_app(environ) if name == "deployment" else {}
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environ | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "FAILED" if done.returncode else "ok"
    print(f"{name:<12} {word:<7} {time.monotonic() - began:6.1f} s", flush=True)
    if done.returncode:
        print(done.stdout.rstrip(), flush=True)
    return done.returncode == 0


def as_app(environ: dict[str, str]) -> dict[str, str]:
    """Where our own server is asked: signed in as a bank signs in, not as the owner that tests are."""
    if THROWN_AWAY not in environ:
        return {}
    return {"DATABASE_URL": environ["DATABASE_URL"].replace(f"//{OWNER}@", f"//{APP}@")}


def run_tests(arguments: list[str], environ: dict[str, str]) -> int:
    """pytest, whose summary is the last line that anybody reads."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(
        command, cwd=CHECKOUT, env=environ, stdin=subprocess.DEVNULL, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
