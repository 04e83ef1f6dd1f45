"""A key opens what its scopes name and nothing else: every operation, with every scope but the one it needs."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from console.api import api
from console.bearer import KeyAuth
from console.organizations.models import KeyScope, Organization
from tests.factories import a_key

Operation = tuple[str, str, str]


def operations() -> Iterator[Operation]:
    """Method, path with ids of nothing, and the scope that it needs."""
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for auth in operation.auth_callbacks:
                    if isinstance(auth, KeyAuth) and auth.needs:
                        url = re.sub("/+", "/", f"/{router.prefix}/{path}").rstrip("/")
                        named = re.sub(r"{[^}]*}", "ID", url)
                        yield from ((method, named, auth.needs) for method in operation.methods)


EVERY = sorted(set(operations()))


def test_there_are_operations_of_every_scope() -> None:
    assert {needs for *_, needs in EVERY} == set(KeyScope.values)
    assert len(EVERY) > 60


@pytest.mark.parametrize("needs", KeyScope.values)
def test_every_other_scope_together_does_not_open_it(nordbank: Organization, needs: str) -> None:
    others: Any = [scope for scope in KeyScope.values if scope != needs]
    client = Client(headers={"Authorization": f"Bearer {a_key(nordbank, scopes=others)[1]}"})
    for method, path, scope in EVERY:
        if scope == needs:
            url = path.replace("ID", str(uuid4()))
            answer = client.generic(method, url, "{}", content_type="application/json")
            is_said = needs in answer.text or method == "HEAD"
            assert (answer.status_code, is_said) == (403, True), f"{method} {path}"
