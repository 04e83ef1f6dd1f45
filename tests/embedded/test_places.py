"""Where things lie: reachable for the servers' user, private where they are secret, the same at the next start."""

import subprocess
from pathlib import Path

import pytest

from console.embedded import binaries, paths, tuning
from console.embedded.environment import BadPort, complete, mail_pages_port, port, smtp_port
from console.embedded.identity import Identity
from console.embedded.paths import Place, private_folder

STRANGER = Identity(uid=64321, gid=64321)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.from_environment({"TRANCHE_DATA": str(tmp_path / "data")})


def test_servers_move_where_their_user_can_reach_them(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = place.data / "elsewhere"
    monkeypatch.setattr(paths, "ELSEWHERE", elsewhere)
    place.data.chmod(0o700)
    moved = place.servers(STRANGER)
    assert moved.parent == elsewhere.resolve()
    assert (place.data / "servers").is_symlink()
    assert place.servers(STRANGER) == moved


def test_servers_stay_in_the_data_folder_where_nothing_hinders(place: Place) -> None:
    assert place.servers(None) == (place.data / "servers").resolve()
    assert not (place.data / "servers").is_symlink()


def test_programs_run_from_where_they_were_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the libraries that lie beside the package: without them nothing starts."""
    monkeypatch.setattr(binaries, "_can_run", lambda found, identity: False)
    copied = binaries.runnable(STRANGER, tmp_path)
    assert copied.postgres.is_relative_to(tmp_path)
    for program in (copied.postgres / "postgres", copied.postgres / "initdb", copied.broker):
        subprocess.run([program, "--version"], check=True, capture_output=True)
    before = copied.broker.stat().st_mtime_ns
    assert binaries.runnable(STRANGER, tmp_path).broker.stat().st_mtime_ns == before


def test_the_secret_key_is_made_once_and_for_its_owner_only(place: Place) -> None:
    key = place.secret_key()
    assert len(key) > 50
    assert place.secret_key() == key
    assert (place.data / "secret-key").stat().st_mode & 0o077 == 0


def test_sockets_get_a_private_folder_of_a_length_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    folder = private_folder(None)
    assert len(bytes(folder / ".s.PGSQL.5432")) < 104
    assert folder.stat().st_mode & 0o077 == 0
    folder.rmdir()


def test_neighbouring_copies_never_meet() -> None:
    first, second = {"TRANCHE_PORT": "8000"}, {"TRANCHE_PORT": "8001"}
    ports = [ask(environ) for environ in (first, second) for ask in (port, smtp_port, mail_pages_port)]
    assert len(set(ports)) == 6


@pytest.mark.parametrize("text", ["0", "65000", "eighty", "-1"])
def test_a_port_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(BadPort, match="Give a number from 1 to 63535"):
        port({"TRANCHE_PORT": text})


def test_what_is_given_wins_over_what_is_embedded(place: Place) -> None:
    given = {"EMAIL_URL": "smtp://mail.bank.example", "SECRET_KEY": "given", "DEBUG": ""}
    environ = complete(place, given, {"DATABASE_URL": "postgres://embedded"})
    assert environ["EMAIL_URL"] == "smtp://mail.bank.example"
    assert environ["SECRET_KEY"] == "given"
    assert environ["DATABASE_URL"] == "postgres://embedded"
    assert environ["TRANCHE_DEMO"] == "1"
    assert complete(place, given | {"DATABASE_URL": "postgres://own"}, {})["TRANCHE_DEMO"] == "0"


def test_memory_is_shared_out_within_bounds() -> None:
    small, large = tuning.lasting(512 * tuning.MEGABYTE, 2), tuning.lasting(256 * 1024 * tuning.MEGABYTE, 64)
    assert small["shared_buffers"] == "128MB"
    assert large["shared_buffers"] == "4096MB"
    assert large["work_mem"] == "96MB"
