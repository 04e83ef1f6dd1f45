"""Who the servers run as: never root. PostgreSQL refuses root, and the broker has no business being root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict


class PopenIdentity(TypedDict, total=False):
    """The arguments of Popen that make a child somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """A user and group to become; only root can become somebody else."""

    uid: int
    gid: int

    def give(self, path: Path) -> None:
        """Make the path this user's own."""
        os.chown(path, self.uid, self.gid)

    def give_all(self, folder: Path) -> None:
        """Make the folder and everything below it this user's own."""
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def may_enter(self, folder: Path) -> bool:
        """Whether this user can walk to the folder and into it, by the permission bits of each step."""
        return all(self._may_pass(step) for step in (folder.resolve(), *folder.resolve().parents))

    def _may_pass(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def server_identity() -> Identity | None:
    """`nobody` when we are root, else None: stay who we are."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Identity(nobody.pw_uid, nobody.pw_gid)


def as_identity(identity: Identity | None) -> PopenIdentity:
    """What to hand to Popen so that the child is `identity`."""
    if identity is None:
        return {}
    return {"user": identity.uid, "group": identity.gid, "extra_groups": []}
