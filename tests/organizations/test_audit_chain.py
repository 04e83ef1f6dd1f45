"""The chain: whatever a superuser does to the trail, verify_audit names the first event that does not fit."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from console.embedded.postgres import SUPERUSER
from console.organizations import chain, heads, scope
from console.organizations.models import AuditEvent, Organization
from console.organizations.proving import Witness, prove
from console.organizations.tasks import witness
from tests.factories import LedgerFactory, OrganizationFactory

pytestmark = pytest.mark.django_db(transaction=True)
Tamper = Callable[[str], None]


@pytest.fixture
def bank(settings: Any, tmp_path: Path) -> Organization:
    """A bank with ten events, linked and witnessed."""
    settings.DATA_DIR = tmp_path
    bank = OrganizationFactory(slug="nordbank")
    rows = LedgerFactory.create_batch(4, organization=bank)
    rows[0].name = "Renamed"
    rows[0].save()
    witness()
    assert bank.audit_events.count() == 10
    return bank


@pytest.fixture
def tamper(bank: Organization) -> Iterator[Tamper]:
    """SQL as a superuser whom no trigger stops; {n} stands for the id of the bank's n-th event."""
    ids = dict(bank.audit_events.values_list("seq", "id"))
    given = connection.get_connection_params() | {"user": SUPERUSER}
    given = {name: given[name] for name in ("dbname", "user", "host", "port") if given.get(name)}
    with psycopg.connect(**given, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")

        def run(statement: str) -> None:
            session.execute(
                statement.format(
                    table="organizations_auditevent",
                    bank=bank.pk,
                    **{f"e{n}": f"'{i}'" for n, i in ids.items()},
                )
            )

        yield run


def verify(**options: Any) -> dict[str, Any]:
    """What verify_audit says of nordbank."""
    out = StringIO()
    try:
        call_command("verify_audit", json=True, stdout=out, stderr=StringIO(), **options)
        code = 0
    except SystemExit as end:
        code = int(str(end.code))
    said = json.loads(out.getvalue())
    assert said["holds"] == (code == 0)
    known = Organization.objects.filter(slug="nordbank").values_list("pk", flat=True).first()
    faults = [each for each in said["chains"] if each["fault"]]
    return next(iter(faults), next(each for each in said["chains"] if each["organization"] == str(known)))


def test_an_honest_trail_holds(bank: Organization) -> None:
    said = verify()
    assert (said["fault"], said["events"]) == ("", 10)
    out = StringIO()
    call_command("verify_audit", organization="nordbank", stdout=out)
    assert "nordbank" in out.getvalue()
    assert "10 events  holds" in out.getvalue()


ALTERED = [
    'changes = \'{{"name": ["Renamed", "Retail"]}}\'',
    "staff_id = 1",
    "user_id = uuidv7()",
    "key_id = uuidv7()",
    "task = 'somebody else'",
    "address = '10.0.0.1'",
    "request = 'another'",
    "login = 'tranche_app'",
    "at = at + interval '1 microsecond'",
    "action = 'deleted'",
    "model = 'ledgers.Asset'",
    "object_id = '1'",
    "whole = 'x'",
    "whole_id = '1'",
    "name = 'x'",
    "mac = sha256('guessed')",
    "mac_key = 'own2'",
    "organization_id = NULL, seq = 100",
]


@pytest.mark.parametrize("change", ALTERED)
def test_altered(tamper: Tamper, change: str) -> None:
    tamper(f"UPDATE {{table}} SET {change} WHERE id = {{e4}}")
    said = verify()
    assert (said["seq"], said["events"]) == (4, 3)
    assert said["fault"]


def test_every_column_is_in_the_chain() -> None:
    """What is linked is all there is, the link aside."""
    columns = {field.attname for field in AuditEvent._meta.concrete_fields}
    assert {*chain.LINKED, "changes"} == columns - {"seq", "mac", "mac_key"}


@pytest.mark.parametrize(
    ("statement", "seq", "words"),
    [
        ("DELETE FROM {table} WHERE id = {e1}", 1, "gone: event 1, before event 2"),
        ("DELETE FROM {table} WHERE id IN ({e5}, {e6})", 5, "gone: event 5 to 6, before event 7"),
        ("DELETE FROM {table} WHERE id >= {e8}", 8, "cut off: events 8 to 10"),
        ("DELETE FROM {table} WHERE organization_id = '{bank}'", 1, "cut off: events 1 to 10"),
        ("TRUNCATE {table}", 1, "cut off: events 1 to 10"),
    ],
)
def test_deleted_cut_and_truncated(tamper: Tamper, statement: str, seq: int, words: str) -> None:
    tamper(statement)
    said = verify(organization="nordbank")
    assert said["seq"] == seq
    assert said["fault"].startswith(words)


def test_deleted_and_the_gap_closed(tamper: Tamper) -> None:
    tamper("DELETE FROM {table} WHERE id = {e5}")
    for later in range(6, 11):
        tamper(f"UPDATE {{table}} SET seq = seq - 1 WHERE id = {{e{later}}}")
    assert verify()["seq"] == 5


@pytest.mark.parametrize(
    "moved", ["seq", "seq, mac", "seq, mac, at, changes, object_id, whole_id, name, model, action"]
)
def test_reordered(tamper: Tamper, moved: str) -> None:
    """Two events change places, with their numbers alone or with everything but their ids."""
    tamper("CREATE TEMP TABLE two AS SELECT * FROM {table} WHERE id IN ({e3}, {e6})")
    tamper("UPDATE {table} SET seq = seq + 1000 WHERE id IN ({e3}, {e6})")
    given = ", ".join(f"two.{column.strip()}" for column in moved.split(","))
    tamper(
        f"UPDATE {{table}} t SET ({moved}) = ROW({given}) FROM two"
        " WHERE t.id IN ({e3}, {e6}) AND two.id IN ({e3}, {e6}) AND t.id <> two.id"
    )
    said = verify()
    assert (said["seq"], said["fault"]) == (3, "altered, moved or put in by hand")


INSERT = (
    "INSERT INTO {table} (organization_id, at, task, request, address, login, action, model, object_id, whole,"
    " whole_id, name, changes, seq, mac, mac_key) SELECT organization_id, SOMETIME, task, request, address, login,"
    " action, model, object_id, whole, whole_id, name, changes, PLACE FROM {table} WHERE id = {e4}"
)


def test_put_in_by_hand(tamper: Tamper) -> None:
    tamper(INSERT.replace("SOMETIME", "at").replace("PLACE", "11, mac, mac_key"))
    said = verify()
    assert (said["seq"], said["fault"]) == (11, "altered, moved or put in by hand")


def test_put_in_without_a_place(tamper: Tamper) -> None:
    tamper(INSERT.replace("SOMETIME", "now() - interval '1 hour'").replace("PLACE", "NULL, NULL, NULL"))
    assert verify()["fault"].startswith("never got its link")


def test_an_older_copy_of_the_table_is_behind_its_heads(tamper: Tamper, bank: Organization) -> None:
    """Restored from yesterday and gone on: each link fits, but not what was witnessed."""
    tamper("DELETE FROM {table} WHERE id >= {e8}")
    LedgerFactory.create_batch(3, organization=bank)
    chain.extend(bank.pk)
    said = verify()
    assert (said["seq"], said["fault"]) == (10, "another chain than its head saw")


def test_heads_that_we_did_not_sign(bank: Organization) -> None:
    path = heads.folder() / f"{bank.pk}.jsonl"
    head = json.loads(path.read_text())
    path.write_text(json.dumps({**head, "seq": 3}) + "\n")
    assert "was not signed here" in verify_raw()
    path.write_text("nonsense\n")
    assert "is not a head" in verify_raw()


def verify_raw() -> str:
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", stdout=out, stderr=StringIO())
    return out.getvalue()


def test_heads_kept_elsewhere(tamper: Tamper, bank: Organization, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text((heads.folder() / f"{bank.pk}.jsonl").read_text())
    for path in heads.folder().iterdir():
        path.unlink()
    tamper("DELETE FROM {table} WHERE id >= {e8}")
    assert verify(organization="nordbank")["fault"] == ""
    assert verify(organization="nordbank", heads=kept)["seq"] == 8
    with pytest.raises(CommandError, match="There is no"):
        verify(heads=tmp_path / "nothing")


def test_a_head_is_written_when_its_chain_moved(bank: Organization) -> None:
    path = heads.folder() / f"{bank.pk}.jsonl"
    witness()
    assert len(path.read_text().splitlines()) == 1
    LedgerFactory(organization=bank)
    witness()
    assert [json.loads(line)["seq"] for line in path.read_text().splitlines()] == [10, 12]


def test_from_the_newest_head_on_only_what_came_after(tamper: Tamper, bank: Organization) -> None:
    LedgerFactory.create_batch(3, organization=bank)
    chain.extend(bank.pk)
    tamper("UPDATE {table} SET task = 'x' WHERE id = {e2}")
    assert verify(since_head=True) == {**verify(since_head=True), "fault": "", "events": 6}
    tamper("UPDATE {table} SET mac = sha256('x') WHERE id = {e10}")
    assert verify(since_head=True)["seq"] == 10


def test_keys_change_and_old_links_stay_provable(bank: Organization, settings: Any) -> None:
    settings.AUDIT_KEYS = {"next": "a passphrase", "own": settings.SECRET_KEY}
    LedgerFactory(organization=bank)
    witness()
    assert set(bank.audit_events.values_list("mac_key", flat=True)) == {"own", "next"}
    assert verify()["fault"] == ""
    settings.AUDIT_KEYS = {"next": "another passphrase", "own": settings.SECRET_KEY}
    assert verify_raw()
    settings.AUDIT_KEYS = {"later": "x"}
    assert prove(bank.pk, Witness(), at=timezone.now()).fault == "the key “own” is not in AUDIT_KEYS"


def test_banks_have_chains_of_their_own(bank: Organization) -> None:
    other = OrganizationFactory()
    LedgerFactory(organization=other)
    chain.extend_all()
    assert list(other.audit_events.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def test_a_link_is_late_only_after_a_while(bank: Organization) -> None:
    LedgerFactory(organization=bank)
    now = timezone.now()
    assert chain.overdue(bank.pk, at=now) is None
    assert chain.overdue(bank.pk, at=now + timedelta(minutes=6)) is not None


ROUNDS = 200


def test_two_write_and_two_link_at_once(bank: Organization) -> None:
    faults: list[BaseException] = []

    def often(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                with scope.across():
                    for _ in range(ROUNDS // 2):
                        work()
            except BaseException as fault:
                faults.append(fault)
            finally:
                connections.close_all()

        return run

    def write() -> object:
        return Organization.objects.filter(pk=bank.pk).update(
            name=threading.current_thread().name + str(timezone.now())
        )

    def extend() -> object:
        return chain.extend(bank.pk)

    threads = [threading.Thread(target=often(work)) for work in (write, write, extend, extend)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chain.extend(bank.pk)
    assert faults == []
    assert list(bank.audit_events.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 11 + ROUNDS)
    )
    assert verify()["fault"] == ""
