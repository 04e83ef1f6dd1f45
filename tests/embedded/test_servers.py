"""PostgreSQL and the broker: made, shared, found again after a kill, and gone when nobody needs them."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from console.embedded.command import has_tables, make_tables
from console.embedded.keeper import read_state
from console.embedded.paths import Place
from console.embedded.postgres import DidNotStart
from console.embedded.servers import Servers, are_running
from tests.embedded.test_processes import is_alive, wait_until


@pytest.fixture(scope="module")
def place(data: Path) -> Place:
    """A data folder whose servers have stopped at the end of these tests."""
    return Place.from_environment({"TRANCHE_DATA": str(data)})


def test_rows_survive_the_kill_of_the_keeper(place: Place) -> None:
    servers = Servers(place, {})
    urls = servers.use()
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")
    os.kill(int(read_state(place.state)["keeper"]), signal.SIGKILL)
    wait_until(lambda: not are_running(place))
    assert servers.see_to()["DATABASE_URL"] == urls["DATABASE_URL"]
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT word FROM kept").fetchone() == ("still here",)
    assert servers.let_go()


def test_a_server_that_dies_is_started_again(place: Place) -> None:
    servers = Servers(place, {})
    urls = servers.use()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        pid = int((place.servers(None) / "postgres" / "postmaster.pid").read_text().split()[0])
        assert connection.info.backend_pid != pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid))
    wait_until(lambda: _answers(urls["DATABASE_URL"]), seconds=60)
    assert servers.let_go()


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_two_users_share_servers_and_the_last_one_ends_them(place: Place) -> None:
    first, second = Servers(place, {}), Servers(place, {})
    assert first.use() == second.use()
    assert not first.let_go()
    assert _answers(second.see_to()["DATABASE_URL"])
    assert second.let_go()
    assert not place.state.exists()


def test_a_user_who_is_killed_holds_nothing(place: Place) -> None:
    code = """
import os, signal
from console.embedded.paths import Place; from console.embedded.servers import Servers
Servers(Place.from_environment(dict(os.environ)), {}).use()
os.kill(os.getpid(), signal.SIGKILL)
"""
    environ = dict(os.environ) | {"TRANCHE_DATA": str(place.data)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environ, check=False).returncode == -signal.SIGKILL
    )
    wait_until(lambda: not are_running(place), seconds=30)


def test_the_broker_keeps_what_it_was_told_and_wants_its_password(place: Place) -> None:
    servers = Servers(place, {})
    url = servers.use()["REDIS_URL"]
    with redis.from_url(url) as client:
        client.set("word", "kept")
    assert servers.let_go()
    url = servers.use()["REDIS_URL"]
    with redis.from_url(url) as client:
        assert client.get("word") == b"kept"
    with (
        redis.from_url(f"redis://127.0.0.1:{url.rpartition(':')[2]}") as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    assert servers.let_go()


def test_only_what_is_missing_is_started(place: Place) -> None:
    servers = Servers(place, {"DATABASE_URL": "postgres://elsewhere/tranche"})
    assert list(servers.use()) == ["REDIS_URL"]
    with pytest.raises(DidNotStart, match="without postgres"):
        Servers(place, {}).use()
    assert servers.let_go()
    assert Servers(place, {"DATABASE_URL": "postgres://x", "REDIS_URL": "redis://x"}).use() == {}


def test_servers_run_as_nobody_when_we_are_root(place: Place) -> None:
    servers = Servers(place, {})
    urls = servers.use()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        owner = Path(f"/proc/{connection.info.backend_pid}").stat().st_uid
        role = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owned = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"
        ).fetchone()
    assert owner != 0
    assert (role, owned) == (("tranche_app", False, False), (0,))
    assert servers.let_go()


def test_tables_of_a_new_database_are_made_once_by_however_many_commands(place: Place) -> None:
    servers = Servers(place, {})
    environ = dict(os.environ) | servers.use()
    fake = """
import os, psycopg, time
with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
    time.sleep(0.5)
    connection.execute("CREATE TABLE django_migrations ()")
    connection.execute("CREATE TABLE made_only_once ()")
"""
    manage = [sys.executable, "-c", fake]
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(make_tables, place, manage, environ) for _ in range(3)]:
            done.result()
    assert has_tables(environ["DATABASE_URL"])
    assert servers.let_go()
