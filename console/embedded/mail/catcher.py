"""The mail catcher as a program: `python -m console.embedded.mail.catcher FOLDER SMTP_PORT PAGES_PORT`."""

import asyncio
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from console.embedded.mail.pages import application
from console.embedded.mail.smtp import Session
from console.embedded.mail.store import Store


class Catcher:
    """Keeps what many connections bring at once under one commit, then tells each of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting: list[Callable[[], None]] = []

    def keep(self, sender: str, recipients: list[str], raw: bytes, kept: Callable[[], None]) -> None:
        """Store a message; `kept` is called after the commit."""
        self.store.add(sender, recipients, raw, at=datetime.now(UTC))
        if not self.waiting:
            asyncio.get_running_loop().call_soon(self._commit)
        self.waiting.append(kept)

    def _commit(self) -> None:
        self.store.commit()
        waiting, self.waiting = self.waiting, []
        for kept in waiting:
            kept()


async def serve(folder: Path, smtp_port: int, pages_port: int) -> None:
    """Take and show mail on loopback until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder / "mail.sqlite3")
    catcher, loop, told_to_stop = Catcher(store), asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told_to_stop.set)
    server = await loop.create_server(lambda: Session(catcher.keep), "127.0.0.1", smtp_port)
    pages = web.AppRunner(application(store), access_log=None)
    await pages.setup()
    await web.TCPSite(pages, "127.0.0.1", pages_port).start()
    await told_to_stop.wait()
    server.close()
    await pages.cleanup()
    store.connection.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
