"""The backend of settings.DATABASES. What it says comes from console.organizations.scope."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic
from psycopg.pq import TransactionStatus

from console.organizations.scope import NOBODY, Scope, present

SAY = (
    "SELECT set_config('role', %s, true), set_config('tranche.organization', %s, true),"
    " set_config('tranche.actor', %s, true)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Says the present scope before the first statement of each transaction, and again when it changes inside one.

    What is said ends with the transaction, so a connection that goes back to the pool carries nothing along. A
    statement outside a transaction gets one of its own, unless nobody's rows are meant.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.said: Scope | None = NOBODY
        self.execute_wrappers.append(_scoped)

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection whose notices are heard, also when it comes out of the pool again."""
        raw = super().get_new_connection(conn_params)
        with suppress(ValueError):
            raw.remove_notice_handler(_heard)
        raw.add_notice_handler(_heard)
        return raw

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor that knows the scope already: COPY goes past `execute`."""
        if not self.connection.autocommit:
            self.say()
        return super().create_cursor(name)

    def say(self) -> None:
        """Tell the transaction that is open now, unless it knows or has failed."""
        wanted, raw = present(), self.connection
        if wanted != self.said and raw.info.transaction_status != TransactionStatus.INERROR:
            with self.wrap_database_errors:
                raw.execute(SAY, wanted.settings())
            self.said = wanted

    def _set_autocommit(self, autocommit: bool) -> None:
        self.said = NOBODY
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs lack it

    def _commit(self) -> None:
        self.said = NOBODY
        super()._commit()  # type: ignore[misc]  # the stubs lack it

    def _rollback(self) -> None:
        self.said = NOBODY
        super()._rollback()  # type: ignore[misc]  # the stubs lack it

    def _savepoint_rollback(self, sid: str) -> None:
        self.said = None  # whatever it was when the savepoint was made
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs lack it


# What to do when a statement raises a notice, by its text. It is heard before the statement is over.
NOTICES: dict[str, Callable[[], None]] = {}


def _heard(notice: Diagnostic) -> None:
    if act := NOTICES.get(notice.message_primary or ""):
        act()


def _scoped(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection: DatabaseWrapper = context["connection"]
    raw = connection.connection
    if not raw.autocommit:
        connection.say()
        return execute(sql, params, many, context)
    if present() == NOBODY:
        return execute(sql, params, many, context)
    with connection.wrap_database_errors, raw.transaction():
        connection.said = None
        connection.say()
        result = execute(sql, params, many, context)
        connection.said = NOBODY
    return result
