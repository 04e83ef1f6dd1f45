"""Where the embedded servers, their data and their logs live."""

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from console.embedded.identity import Identity

CHECKOUT = Path(__file__).resolve().parents[2]
# A socket's path may take 103 bytes on macOS and 107 on Linux, `.s.PGSQL.5432` included.
LONGEST_SOCKET_FOLDER = 85
ELSEWHERE = Path("/var/lib/tranche")


@dataclass(frozen=True)
class Place:
    """One data folder: everything that a copy of the console keeps."""

    data: Path

    @classmethod
    def from_environment(cls, environ: dict[str, str]) -> "Place":
        """The folder that TRANCHE_DATA names, or var/ in the checkout; made if it is missing."""
        place = cls(Path(environ.get("TRANCHE_DATA") or CHECKOUT / "var").absolute())
        for folder in (place.data, place.logs):
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(0o755)
        return place

    @property
    def logs(self) -> Path:
        """One file per program."""
        return self.data / "logs"

    @property
    def state(self) -> Path:
        """What the running servers answer to, as JSON; written when they are ready."""
        return self.data / "servers.json"

    @property
    def up(self) -> Path:
        """What the running bin/up answers to, as JSON."""
        return self.data / "up.json"

    @property
    def users_lock(self) -> Path:
        """Shared by everybody who uses the servers; the keeper stops when it can have it alone."""
        return self.data / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives."""
        return self.data / "keeper.lock"

    @property
    def up_lock(self) -> Path:
        """Held by bin/up as long as it lives."""
        return self.data / "up.lock"

    @property
    def sign_ins(self) -> Path:
        """How one comes in: the demo bank's people or the link of the set-up; missing where neither is known."""
        return self.data / "sign-ins.txt"

    @property
    def tables_lock(self) -> Path:
        """Held by whoever makes tables in the embedded database: bin/up, or the first bin/manage in an empty one."""
        return self.data / "tables.lock"

    def servers(self, identity: Identity | None) -> Path:
        """The folder of the servers' own files, which `identity` can reach.

        Usually `servers/` in the data folder. Where the servers run as somebody who cannot enter that (root's
        checkout in /root), a link of that name leads to a folder of its own below /var/lib/tranche.
        """
        folder = self.data / "servers"
        if not folder.exists():
            folder.unlink(missing_ok=True)
            if identity is None or identity.may_enter(self.data):
                folder.mkdir()
            else:
                elsewhere = ELSEWHERE / secrets.token_hex(6)
                elsewhere.mkdir(parents=True)
                folder.symlink_to(elsewhere)
            folder.chmod(0o755)
        return folder.resolve()

    def secret_key(self) -> str:
        """The key that signs sessions here: made once, kept readable by its owner only."""
        path = self.data / "secret-key"
        if not path.exists():
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50))
            with contextlib.suppress(FileExistsError):
                os.link(fresh, path)
            fresh.unlink()
        return path.read_text()


def private_folder(identity: Identity | None) -> Path:
    """A new folder, short enough for sockets, that only `identity` (or we ourselves) and root can enter."""
    parent = tempfile.gettempdir()
    if len(parent.encode()) > LONGEST_SOCKET_FOLDER - len("/tranche-12345678") or not Path(parent).is_dir():
        parent = "/tmp"
    if identity is not None and not identity.may_enter(Path(parent)):
        parent = "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="tranche-", dir=parent))
    if identity is not None:
        identity.give(folder)
    return folder
