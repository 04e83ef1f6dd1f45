"""What bin/python takes for ready, and how it asks for what is not. Nothing is installed here."""

from pathlib import Path

import pytest

from console.embedded import bootstrap


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that looks made, with no stamp yet."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to("/bin/true")
    for name, value in {
        "VENV": venv,
        "PYTHON": venv / "bin/python",
        "STAMP": venv / ".lock-installed",
    }.items():
        monkeypatch.setattr(bootstrap, name, value)
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    return venv


@pytest.fixture
def installed(venv: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The levels that were installed, in turn."""
    levels: list[str] = []
    monkeypatch.setattr(bootstrap, "_make_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "_install", levels.append)
    return levels


def test_it_installs_once(installed: list[str]) -> None:
    for _ in range(3):
        bootstrap.prepare("run")
    assert installed == ["run"]


def test_an_environment_for_development_is_never_cut_back(installed: list[str], venv: Path) -> None:
    bootstrap.prepare("dev")
    bootstrap.prepare("run")
    assert installed == ["dev"]
    (venv / ".lock-installed").write_text("dev an-older-lock somewhere\n")
    bootstrap.prepare("run")
    assert installed == ["dev", "dev"]


def test_running_needs_are_no_development_needs(installed: list[str]) -> None:
    bootstrap.prepare("run")
    bootstrap.prepare("dev")
    assert installed == ["run", "dev"]


def test_a_copied_folder_makes_its_own(
    installed: list[str], venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.prepare("run")
    monkeypatch.setattr(bootstrap, "CHECKOUT", venv.parent / "copy")
    (venv.parent / "copy").mkdir()
    bootstrap.prepare("run")
    assert installed == ["run", "run"]


def test_uv_is_told_of_the_index_that_only_pip_knows(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (venv / "bin/python").unlink()
    (venv / "bin/python").write_text(
        "#!/bin/sh\necho \"global.index-url='mirror'\"\necho \"global.cert='/c.pem'\"\n"
    )
    (venv / "bin/python").chmod(0o755)
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert bootstrap._index_of_pip() == {"UV_DEFAULT_INDEX": "mirror", "SSL_CERT_FILE": "/c.pem"}
    monkeypatch.setenv("UV_INDEX_URL", "another")
    assert bootstrap._index_of_pip() == {"SSL_CERT_FILE": "/c.pem"}


def test_what_cannot_be_done_is_said(venv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_run", lambda *command, **options: False)
    with pytest.raises(bootstrap.CannotPrepare, match="apt install python3"):
        bootstrap.prepare("run")
