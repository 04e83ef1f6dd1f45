"""bin/manage import_csv: for people, for scripts, again after it was broken off."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from console.imports.models import ImportRun
from console.organizations.models import Organization
from tests.factories import NOW
from tests.imports.files import ACCOUNTS, CUSTOMERS, draft


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: Any) -> tuple[int, str]:
    """Exit code and output."""
    code = 0
    try:
        call_command("import_csv", *map(str, arguments), "--organization", "nordbank")
    except SystemExit as end:
        code = int(str(end.code))
    return code, capsys.readouterr().out


def test_tells_people_what_happened(nordbank: Organization, file: Path, capsys: Any) -> None:
    code, said = run(capsys, "customers", file)
    assert code == 0
    assert "2 rows" in said
    assert "Accepted 2 (2 new, 0 updated, 0 unchanged), rejected 0." in said
    assert run(capsys, "customers", file)[1].count("(0 new, 0 updated, 2 unchanged)") == 1


def test_tells_scripts_and_exits_with_two_when_rows_were_rejected(
    nordbank: Organization, file: Path, tmp_path: Path, capsys: Any
) -> None:
    file.write_text(CUSTOMERS + "C3,,,,CZE\n")
    rejected = tmp_path / "rejected.csv"
    code, said = run(capsys, "customers", file, "--json", "--rejected", rejected)
    assert code == 2
    told = json.loads(said)
    assert (told["state"], told["rows"], told["accepted"], told["new"], told["rejected"]) == (
        "done",
        3,
        2,
        2,
        1,
    )
    assert told["rejected_rows"][0]["line"] == 4
    assert "CZE" in rejected.read_text(encoding="utf-8-sig")
    assert "line 4, country “CZE”" in run(capsys, "customers", file)[1]


def test_a_dry_run_writes_nothing(nordbank: Organization, file: Path, capsys: Any) -> None:
    assert "checked, nothing written" in run(capsys, "customers", file, "--dry-run")[1]
    assert not nordbank.customers.exists()


def test_columns_are_mapped(nordbank: Organization, file: Path, capsys: Any) -> None:
    run(
        capsys,
        "customers",
        file,
        "--map",
        "district=name",
        "--map",
        "gender=",
        "--map",
        "country=custom_data.land",
    )
    customer = nordbank.customers.get(external_id="C1")
    assert (customer.name, customer.country) == ("Prague", "")
    assert customer.custom_data == {"birth_date": "1970-12-13", "land": "CZ"}


def test_accounts_go_to_the_ledger_named(nordbank: Organization, file: Path, capsys: Any) -> None:
    file.write_text(ACCOUNTS)
    assert run(capsys, "accounts", file, "--ledger", "Retail CZ")[0] == 0
    assert nordbank.ledgers.get().name == "Retail CZ"


def test_an_import_that_was_broken_off_goes_on(nordbank: Organization, file: Path, capsys: Any) -> None:
    unfinished = draft(nordbank, "customers", CUSTOMERS)
    unfinished.start(by=None, at=NOW)
    assert run(capsys, "customers", file)[0] == 0
    unfinished.refresh_from_db()
    assert unfinished.state == "done"
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["people", "FILE"], "There is no kind “people”"),
        (["customers", "/nowhere.csv"], "No such file"),
        (["customers", "FILE", "--map", "x=name"], "The file has no column “x”"),
        (["customers", "FILE", "--map", "gender=nothing"], "There is no field “nothing”"),
        (["customers", "FILE", "--map", "customer_ref="], "No column fills “External id” (external_id)"),
        (
            ["customers", "FILE", "--map", f"gender=custom_data.{'k' * 101}"],
            "There is no field “custom_data.kkk",
        ),
        (["customers", "FILE", "--encoding", "klingon"], "can't be read as klingon"),
        (["customers", "FILE", "--encoding", "idna"], "can't be read as idna"),
        (["customers", "FILE", "--delimiter", "ab"], "“ab” does not part columns"),
        (["customers", "FILE", "--rejected", "/nowhere/rejected.csv"], "No such file"),
        (["accounts", "FILE", "--ledger", "L" * 257], "at most 256 characters"),
        (["transactions", "FILE"], "No column fills .*“Ledger date” (booked_on), “Amount” (amount)"),
    ],
)
def test_failures_say_what_to_do(
    nordbank: Organization, file: Path, arguments: list[str], words: str
) -> None:
    with pytest.raises(CommandError, match=words.replace("(", r"\(").replace(")", r"\)")):
        call_command(
            "import_csv", *[str(file) if a == "FILE" else a for a in arguments], organization="nordbank"
        )


def test_an_import_that_fails_is_an_error(nordbank: Organization, file: Path, capsys: Any) -> None:
    file.write_text(ACCOUNTS)
    nordbank.ledgers.create(name="One")
    nordbank.ledgers.create(name="Two")
    with pytest.raises(CommandError, match="Name the ledger"):
        call_command("import_csv", "accounts", str(file), organization="nordbank")


def test_an_organization_that_is_not_there(db: None, file: Path) -> None:
    with pytest.raises(CommandError, match="There is no organization “nobank”"):
        call_command("import_csv", "customers", str(file), organization="nobank")
