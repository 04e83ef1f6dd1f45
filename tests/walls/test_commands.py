"""Every operator's command from a shell, as the role that owns nothing, with the walls standing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands

from console.organizations import scope
from console.organizations.models import Organization
from manage import AS_OWNER
from tests.factories import AccountHolderFactory
from tests.walls.signing_in import as_app
from tests.walls.witness import rows_of

# demo takes half a minute, set_up wants nothing to be there: they have tests of their own.
ELSEWHERE = AS_OWNER | {"demo", "set_up"}
BANK = ("--organization", "shellbank")
CUSTOMERS = "external_id,name,email,country\nK1,Jana Nová,jana@x.example,CZ\nK2,Petr Malý,petr@x.example,DE\n"
RULES = {
    "name": "Czech",
    "population": "customers",
    "definition": {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "CZ"}]},
}
# By command what it is called with, in this order, and what it then says.
CALLS: dict[str, tuple[tuple[str, ...], str]] = {
    "create_organization": (("shellbank", "--name", "Shell Bank"), "shellbank"),
    "create_staff": (("op@shell.example", *BANK, "--role", "admin"), "op@shell.example"),
    "declare_attribute": (("customers", "birth_date", "date", *BANK), "Birth date of customers"),
    "create_api_key": (("--name", "app", *BANK), "tr_"),
    "import_csv": (("customers", "customers.csv", *BANK), "Accepted 2"),
    "count_segment": (("rules.json", *BANK), '"count": 1'),
    "dispatch": (("--until-empty",), ""),
    "evaluate_alerts": ((), '"organization": "shellbank"'),
    "recount_accounts": (BANK, "shellbank"),
    "coherence": (BANK, "shellbank"),
    "reseal": ((), "sealed anew"),
    "forget_factors": (("op@shell.example",), "op@shell.example"),
    "verify_audit": ((), "shellbank"),
    "shell": (
        ("--no-imports", "--command", "from segments.models import Run; assert Run.objects.count() == 0"),
        "",
    ),
}


def ours() -> set[str]:
    """Commands that come with the console."""
    apps = ("console", "segments", "communications", "alerts")
    return {
        name for name, app in get_commands().items() if isinstance(app, str) and app.split(".")[0] in apps
    }


@pytest.mark.django_db(transaction=True)
def test_every_command_works_as_the_role_that_owns_nothing(
    nordbank: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert ours() - ELSEWHERE == set(CALLS)
    settings.DATA_DIR = tmp_path
    monkeypatch.chdir(tmp_path)
    Path("customers.csv").write_text(CUSTOMERS)
    Path("rules.json").write_text(json.dumps(RULES))
    AccountHolderFactory(organization=nordbank)
    call_command("verify_audit", stdout=StringIO())
    before = rows_of(nordbank)
    with as_app():
        told = {name: said(name, *arguments) for name, (arguments, _) in CALLS.items()}
    assert {name: told[name] for name, (_, words) in CALLS.items() if words not in told[name]} == {}
    made = Organization.objects.get(slug="shellbank")
    assert (made.customers.count(), made.staff.count(), made.api_keys.count()) == (2, 1, 1)
    with scope.inside(made):
        assert made.audit_events.filter(task="create_staff").exists()
    assert rows_of(nordbank) == before


def said(command: str, *arguments: str) -> str:
    out = StringIO()
    with scope.kept():  # each from a shell of its own
        call_command(command, *arguments, stdout=out)
    return out.getvalue()
