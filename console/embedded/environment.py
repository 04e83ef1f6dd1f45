"""The environment in which manage.py, the web server and the workers run here."""

import os

from console.embedded.paths import Place

# The mail catcher's ports lie this far above the console's, so that neighbouring ports never meet.
SMTP_ABOVE, MAIL_PAGES_ABOVE = 1000, 2000


class BadPort(Exception):
    """TRANCHE_PORT is no port, or leaves no room for the mail catcher's."""


def port(environ: dict[str, str]) -> int:
    """The console's port: TRANCHE_PORT, else 8000. Raises BadPort."""
    text = environ.get("TRANCHE_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) <= 65535 - MAIL_PAGES_ABOVE:
        raise BadPort(f"TRANCHE_PORT is {text!r}. Give a number from 1 to {65535 - MAIL_PAGES_ABOVE}.")
    return int(text)


def smtp_port(environ: dict[str, str]) -> int:
    """Where the mail catcher takes mail. Raises BadPort."""
    return port(environ) + SMTP_ABOVE


def mail_pages_port(environ: dict[str, str]) -> int:
    """Where the mail catcher shows it. Raises BadPort."""
    return port(environ) + MAIL_PAGES_ABOVE


def complete(place: Place, environ: dict[str, str], urls: dict[str, str]) -> dict[str, str]:
    """`environ` with what it lacks: the servers' `urls`, a kept secret key, the local mail catcher. Raises BadPort."""
    is_embedded = "DATABASE_URL" in urls
    defaults = urls | {
        "TRANCHE_DATA": str(place.data),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port(environ)}",
        "PUBLIC_URL": f"http://localhost:{port(environ)}",  # a name: passkeys belong to names
        "HTTPS": "0",  # what is started here is spoken to directly, without a proxy that holds a certificate
        "TRANCHE_DEMO": "1" if is_embedded else "0",
        "DJANGO_SETTINGS_MODULE": "console.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if not environ.get("SECRET_KEY"):
        defaults["SECRET_KEY"] = place.secret_key()
    return {name: value for name, value in defaults.items() if not environ.get(name)} | {
        name: value for name, value in environ.items() if value or name not in defaults
    }


def current() -> dict[str, str]:
    """A copy of this process's environment."""
    return dict(os.environ)
