"""What every kind of record has by Midaz's tables: its paths and verbs, and what is wrong with a body, by code."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.test import Client

from console.organizations.models import KeyScope, Organization
from tests.factories import a_key
from tests.midaz.conftest import Caller
from tests.midaz.kinds import BODIES, ENTITIES, IN_LEDGER, KINDS, MODELS, REQUIRED, STATED, TEXTS, home, one
from tests.midaz.money import refused

pytestmark = pytest.mark.django_db
Send = Callable[[Any], Any]


@pytest.fixture(params=["POST", "PATCH"])
def send(request: pytest.FixtureRequest, books: Caller) -> Callable[[str], Send]:
    """Says a body of a kind, as a creation with all that it needs, or as a change."""

    def of_kind(kind: str) -> Send:
        if request.param == "PATCH":
            each, _ = one(books, kind)
            return lambda body: books("PATCH", each, body)
        whole = BODIES[kind]
        return lambda body: books("POST", home(books, kind), whole | body if isinstance(body, dict) else body)

    return of_kind


class TestPaths:
    @pytest.mark.parametrize("kind", KINDS)
    def test_have_their_verbs_and_statuses(self, books: Caller, kind: str) -> None:
        created = books("POST", home(books, kind), BODIES[kind])
        each = f"{home(books, kind)}/{created.json()['id']}"
        listed, got = books("GET", home(books, kind)), books("GET", each)
        changed = books("PATCH", each, {"metadata": {"tier": "gold"}})
        answers = [created, listed, got, changed]
        assert [answer.status_code for answer in answers] == [201, 200, 200, 200]
        assert {answer["Content-Type"].partition(";")[0] for answer in answers} == {"application/json"}
        assert got.json() == created.json()
        assert created.json() in listed.json()["items"]
        assert changed.json()["metadata"] == {"tier": "gold"}
        deleted = books("DELETE", each)
        assert (deleted.status_code, deleted.content) == (204, b"")

    @pytest.mark.parametrize("kind", STATED)
    def test_count(self, books: Caller, kind: str) -> None:
        one(books, kind)
        answer = books("HEAD", f"{home(books, kind)}/metrics/count")
        assert (answer.status_code, answer["Content-Length"], answer.content) == (204, "0", b"")
        everything = books("GET", f"{home(books, kind)}?limit=100").json()["items"]
        assert answer["X-Total-Count"] == str(len(everything))

    def test_account_types_are_not_counted(self, books: Caller) -> None:
        answer = books("HEAD", "/account-types/metrics/count")
        assert answer.status_code == 405
        assert "X-Total-Count" not in answer

    @pytest.mark.parametrize("path", ["asset-rates", "operation-routes", "transaction-routes"])
    def test_of_what_is_not_kept_here(self, books: Caller, path: str) -> None:
        assert refused(books("GET", f"/{path}")) == (404, "0007")

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_what_is_not_there(self, books: Caller, kind: str) -> None:
        for method in ("GET", "PATCH", "DELETE"):
            answer = books(method, f"{home(books, kind)}/{uuid4()}", {} if method == "PATCH" else None)
            assert refused(answer) == (404, "0007")
            assert set(answer.json()) == {"code", "title", "message", "entityType"}
            assert answer.json()["entityType"] == ENTITIES[kind]
            assert answer["Content-Type"].partition(";")[0] == "application/json"

    @pytest.mark.parametrize("kind", KINDS)
    def test_with_an_id_that_is_none(self, books: Caller, kind: str) -> None:
        for method in ("GET", "PATCH", "DELETE"):
            answer = books(method, f"{home(books, kind)}/vip", {} if method == "PATCH" else None)
            assert refused(answer) == (400, "0065")
            assert len(answer.json()["fields"]) == 1

    @pytest.mark.parametrize("kind", IN_LEDGER)
    def test_below_an_id_that_is_none(self, books: Caller, kind: str) -> None:
        organization, ledger = books.base.split("/")[3::2]
        for base in (f"{organization}/ledgers/7", f"7/ledgers/{ledger}"):
            assert refused(books("GET", f"/v1/organizations/{base}/{kind}")) == (400, "0065")
            assert refused(books("POST", f"/v1/organizations/{base}/{kind}", BODIES[kind])) == (400, "0065")


class TestPermissions:
    @pytest.mark.parametrize("kind", KINDS)
    def test_follow_the_scopes_of_the_key(self, books: Caller, nordbank: Organization, kind: str) -> None:
        each, _ = one(books, kind)
        _, reading = a_key(nordbank, scopes=[KeyScope.RECORD_READ])
        _, writing = a_key(nordbank, scopes=[KeyScope.RECORD_WRITE])
        reader, writer = Caller(reading, books.base), Caller(writing, books.base)
        assert [reader("GET", path).status_code for path in (home(books, kind), each)] == [200, 200]
        for answer in (
            reader("POST", home(books, kind), BODIES[kind]),
            reader("PATCH", each, {}),
            reader("DELETE", each),
            writer("GET", each),
            writer("GET", home(books, kind)),
        ):
            assert refused(answer) == (403, "0043")
        if kind in STATED:
            counts = [caller("HEAD", f"{home(books, kind)}/metrics/count") for caller in (reader, writer)]
            assert [answer.status_code for answer in counts] == [204, 403]

    @pytest.mark.parametrize("kind", KINDS)
    def test_nobody_without_a_key(self, books: Caller, kind: str) -> None:
        each, _ = one(books, kind)
        for method, path in (("GET", home(books, kind)), ("POST", home(books, kind)), ("DELETE", each)):
            for token, code in (("", "0041"), ("Bearer tr_no.no", "0042")):
                headers: dict[str, str] = {"Authorization": token} if token else {}
                answer = Client().generic(method, path, headers=headers)
                assert refused(answer) == (401, code)


class TestBodies:
    @pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in REQUIRED[kind]])
    def test_lack_what_is_required(self, books: Caller, kind: str, field: str) -> None:
        lacking = {name: value for name, value in BODIES[kind].items() if name != field}
        empty = lacking if field == "address" else lacking | {field: ""}
        for body in (lacking, empty):
            answer = books("POST", home(books, kind), body)
            assert refused(answer) == (400, "0009")
            assert list(answer.json()["fields"]) == [field]
            assert answer.json()["fields"][field]

    @pytest.mark.parametrize("kind", KINDS)
    def test_need_no_more_than_that(self, books: Caller, kind: str) -> None:
        books.made(home(books, kind), {field: BODIES[kind][field] for field in REQUIRED[kind]})

    @pytest.mark.parametrize("kind", KINDS)
    def test_with_unknown_fields(self, send: Callable[[str], Send], kind: str) -> None:
        answer = send(kind)({"rules": [{"field": "country"}], "size": 2})
        assert refused(answer) == (400, "0053")
        assert answer.json()["fields"] == {"rules": [{"field": "country"}], "size": 2}

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_the_wrong_type(self, send: Callable[[str], Send], kind: str) -> None:
        field = TEXTS[kind][0]
        wrong = [({field: 12}, field), ({"metadata": [1]}, "metadata")]
        wrong += [({"status": "ACTIVE"}, "status")] if kind in STATED else []
        say = send(kind)
        for body, name in wrong:
            answer = say(body)
            assert refused(answer) == (400, "0094")
            assert f"'{name}'" in answer.json()["message"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_that_are_no_json(self, send: Callable[[str], Send], kind: str) -> None:
        say = send(kind)
        for body in ("{", "", "[]", "7", '{"name": }'):
            assert refused(say(body)) == (400, "0094")

    @pytest.mark.parametrize("kind", KINDS)
    def test_with_the_character_nul(self, send: Callable[[str], Send], kind: str) -> None:
        say = send(kind)
        for body in ({TEXTS[kind][0]: "a\0b"}, {"metadata": {"k": "a\0b"}}, {"metadata": {"a\0b": 1}}):
            assert refused(say(body)) == (400, "0047")

    @pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in TEXTS[kind]])
    def test_with_an_empty_text_change_nothing(self, books: Caller, kind: str, field: str) -> None:
        each, made = one(books, kind)
        unchanged: list[Any] = [{field: ""}, {}]
        unchanged += [] if (kind, field) == ("accounts", "entityId") else [{field: None}]
        for body in unchanged:
            answer = books("PATCH", each, body)
            assert answer.status_code == 200, answer.content
            assert answer.json() == made | {"updatedAt": answer.json()["updatedAt"]}


class TestStatus:
    @pytest.mark.parametrize("kind", STATED)
    @pytest.mark.parametrize("status", [None, {}, {"code": ""}, {"description": None}])
    def test_is_active_where_nobody_says(self, books: Caller, kind: str, status: Any) -> None:
        _, made = one(books, kind, **({} if status is None else {"status": status}))
        assert made["status"] == {"code": "ACTIVE", "description": None}

    @pytest.mark.parametrize("kind", STATED)
    def test_is_free_text(self, send: Callable[[str], Send], kind: str) -> None:
        say = send(kind)
        said = {"code": "C" * 100, "description": "d" * 256}
        for wrong, field in (({"code": "C" * 101}, "code"), ({"description": "d" * 257}, "description")):
            answer = say({"status": said | wrong})
            assert refused(answer) == (400, "0047")
            assert list(answer.json()["fields"]) == [f"status.{field}"]
        assert say({"status": said}).json()["status"] == said

    @pytest.mark.parametrize("kind", STATED)
    def test_keeps_its_code_under_a_new_description(self, books: Caller, kind: str) -> None:
        each, _ = one(books, kind, status={"code": "ON_HOLD", "description": "why"})
        answer = books("PATCH", each, {"status": {"description": "because"}}).json()
        assert answer["status"] == {"code": "ON_HOLD", "description": "because"}


class TestMetadata:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("metadata", "code"),
        [
            ({"é" * 51: 1}, "0050"),
            ({"k": "é" * 1_001}, "0051"),
            ({"k": 10**2_000}, "0051"),
            ({"k": [1]}, "0051"),
            ({"k": {"l": 1}}, "0067"),
        ],
    )
    def test_beyond_their_limits(
        self, send: Callable[[str], Send], kind: str, metadata: Any, code: str
    ) -> None:
        answer = send(kind)({"metadata": metadata})
        assert refused(answer) == (400, code)
        assert list(answer.json()["fields"]) == ["metadata"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_at_their_limits(self, send: Callable[[str], Send], kind: str) -> None:
        widest = {"é" * 50: "é" * 1_000, "n": -1.5, "b": False, "z": 0} | {f"k{n}": n for n in range(300)}
        assert send(kind)({"metadata": widest}).json()["metadata"] == widest

    @pytest.mark.parametrize("kind", KINDS)
    def test_are_merged(self, books: Caller, kind: str) -> None:
        each, made = one(books, kind, metadata={"a": 1, "b": "x", "c": True, "d": None})
        assert made["metadata"] == {"a": 1, "b": "x", "c": True}
        assert books("PATCH", each, {}).json()["metadata"] == made["metadata"]
        changed = books("PATCH", each, {"metadata": {"a": None, "b": "y", "e": 2.5}}).json()
        assert changed["metadata"] == {"b": "y", "c": True, "e": 2.5}
        assert "metadata" not in books("PATCH", each, {"metadata": None}).json()
        assert "metadata" not in books("GET", each).json()

    @pytest.mark.parametrize("kind", KINDS)
    def test_that_are_none_are_left_out(self, books: Caller, kind: str) -> None:
        each, made = one(books, kind, metadata={})
        assert "metadata" not in made
        books("PATCH", each, {"metadata": {"only": 1}})
        assert "metadata" not in books("PATCH", each, {"metadata": {"only": None}}).json()


class TestAnswers:
    @pytest.mark.parametrize("kind", KINDS)
    def test_say_when_and_where(self, books: Caller, kind: str) -> None:
        _, made = one(books, kind)
        assert UUID(made["id"]).version == 7
        assert made["createdAt"].endswith("Z")
        assert made["updatedAt"].endswith("Z")
        assert made["deletedAt"] is None
        organization, ledger = books.base.split("/")[3::2]
        assert made.get("organizationId", organization) == organization
        assert made.get("ledgerId", ledger) == ledger
        assert ("organizationId" in made) == (kind != "organizations")
        assert ("ledgerId" in made) == (kind in IN_LEDGER)

    @pytest.mark.parametrize("kind", KINDS)
    def test_have_the_id_of_their_request(self, books: Caller, kind: str) -> None:
        each, _ = one(books, kind)
        assert books("GET", each, None, **{"X-Request-Id": "r-1"})["X-Request-Id"] == "r-1"
        own = [books("GET", path)["X-Request-Id"] for path in (each, each, f"{home(books, kind)}/7")]
        assert len(set(own)) == 3
        assert all(own)

    @pytest.mark.parametrize("kind", KINDS)
    def test_to_a_creation_sent_again_are_the_first_one(self, books: Caller, kind: str) -> None:
        key = {"X-Idempotency": "again", "X-TTL": "60"}
        first, second = (books("POST", home(books, kind), BODIES[kind], **key) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert second["X-Idempotency-Replayed"] == "true"

    @pytest.mark.parametrize("kind", KINDS)
    def test_of_what_is_deleted_leave_the_row(self, books: Caller, kind: str) -> None:
        each, made = one(books, kind)
        assert books("DELETE", each).status_code == 204
        row = apps.get_model(MODELS[kind])._base_manager.get(pk=made["id"])
        assert row.deleted_at
        assert refused(books("DELETE", each)) == (404, "0007")
