"""Makes .venv what the lock file says, then becomes a Python in it. Needs nothing but Python's own library.

bin/python runs this file by path: `bootstrap.py run|dev -m module argument…`. Where the lock has not changed since the
last time it costs a few milliseconds.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("TRANCHE_VENV") or CHECKOUT / ".venv")
PYTHON = VENV / "bin/python"
STAMP = VENV / ".lock-installed"
INSTALLER = CHECKOUT / "requirements-uv.lock"
LOCKS = {"run": CHECKOUT / "requirements.lock", "dev": CHECKOUT / "requirements-dev.lock"}


class CannotPrepare(Exception):
    """The environment could not be made; the message says what to do."""


def prepare(level: str) -> None:
    """Have at least what `level` needs: an environment for development is never cut back. Raises CannotPrepare."""
    if _is_ready(level):
        STAMP.touch()  # newer than the lock files: bin/python need not ask again
        return
    with _alone():
        if _is_ready(level):
            return
        wanted = "dev" if _installed().startswith("dev ") else level
        began = time.monotonic()
        print(f"Installing what {LOCKS[wanted].name} lists into {VENV.name} …", file=sys.stderr, flush=True)
        _make_venv()
        _install(wanted)
        STAMP.write_text(_stamp(wanted))
        print(f"Installed in {time.monotonic() - began:.1f} s.", file=sys.stderr, flush=True)


def _is_ready(level: str) -> bool:
    enough = [_stamp(name) for name in ("run", "dev")[("run", "dev").index(level) :]]
    return _installed() in enough and PYTHON.exists()


def _stamp(level: str) -> str:
    """What is installed, and for which checkout: a copied folder brings an environment that leads to the original."""
    return f"{level} {_digest(level)} {CHECKOUT}\n"


def _installed() -> str:
    return STAMP.read_text() if STAMP.exists() else ""


def _digest(level: str) -> str:
    return hashlib.sha256(LOCKS[level].read_bytes() + INSTALLER.read_bytes()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with (CHECKOUT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    is_own = not _installed() or _installed().endswith(f" {CHECKOUT}\n")
    if is_own and PYTHON.exists() and _run(PYTHON, "-m", "pip", "--version", quiet=True):
        return
    if not _run(sys.executable, "-m", "venv", "--clear", VENV):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotPrepare(
            f"{sys.executable} cannot make an environment. On Debian and Ubuntu: apt install python{version}-venv"
        )


def _install(level: str) -> None:
    packages = next(VENV.glob("lib/python3*/site-packages"))
    (packages / "tranche.pth").write_text(f"{CHECKOUT}\n")
    pip = (PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check")
    if not _run(*pip, "install", "--require-hashes", "--no-deps", "-r", INSTALLER):
        raise CannotPrepare("pip could not install uv; what it said stands above.")
    environ = os.environ | _index_of_pip() | {"VIRTUAL_ENV": str(VENV)}
    # Compiled now, once: every program starts three times as fast, also where Python may not write its caches later.
    sync = (VENV / "bin/uv", "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", LOCKS[level])
    if not _run(*sync, environ=environ):
        raise CannotPrepare(f"uv could not install {LOCKS[level].name}; what it said stands above.")


def _index_of_pip() -> dict[str, str]:
    """uv does not read pip's configuration: where only pip is told of an index or certificates, tell uv too."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    told = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        told[key.rpartition(".")[2]] = value.strip("'\"")
    passed_on = {"UV_DEFAULT_INDEX": told.get("index-url"), "SSL_CERT_FILE": told.get("cert")}
    own = any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE"))
    return {
        name: value
        for name, value in passed_on.items()
        if value and name not in os.environ and not (own and name == "UV_DEFAULT_INDEX")
    }


def _run(*command: str | Path, environ: dict[str, str] | None = None, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else sys.stderr
    done = subprocess.run(
        [str(part) for part in command], env=environ, stdout=output, stderr=output, check=False
    )
    return done.returncode == 0


def main(level: str, *arguments: str) -> None:
    """Prepare, then become that Python."""
    try:
        prepare(level)
    except CannotPrepare as problem:
        sys.exit(str(problem))
    os.execv(PYTHON, [str(PYTHON), *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
