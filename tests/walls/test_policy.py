"""Whatever can be opened says who may open it, and the page of roles says the same."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from console.api import api
from console.bearer import KeyAuth
from console.organizations.access import POLICY
from console.organizations.models import KeyScope, Organization, Role, Staff
from console.roles import WORDS
from tests.conftest import signed_in
from tests.pages import words

# What Django admin may change; all else is looked at there.
CHANGED_IN_ADMIN = {"Organization", "User"}


def test_every_permission_is_in_words_once() -> None:
    told = [permission for lines in WORDS.values() for permission in lines]
    assert sorted(told) == sorted(POLICY)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_the_page_says_what_the_table_says(
    role: str, nordbank: Organization, vera: Staff, client: Client
) -> None:
    page: Any = signed_in(vera).get(nordbank.url("roles"))
    granted = {
        line["permission"]
        for _, lines in page.context["groups"]
        for line in lines
        for cell in line["cells"]
        if cell["role"] == role and cell["is_granted"]
    } - {""}
    assert granted == {permission for permission, roles in POLICY.items() if role in roles}
    assert "Viewer (you)" in words(page.content.decode())


def test_every_operation_of_the_api_names_a_scope() -> None:
    bare = [
        f"{method} {path}"
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if operation.include_in_schema
        and not any(
            isinstance(auth, KeyAuth) and auth.needs in KeyScope.values for auth in operation.auth_callbacks
        )
    ]
    assert bare == ["POST /access_token"], "it takes a key and gives what opens no more"


def test_nothing_is_changed_in_admin_but_what_is_listed(rf: Any) -> None:
    request = rf.get("/")
    request.user = type("Platform", (), {"has_perm": lambda *_: True, "is_active": True, "is_staff": True})()
    changed = {
        model.__name__
        for model, each in admin.site._registry.items()
        if each.has_add_permission(request)
        or each.has_change_permission(request)
        or each.has_delete_permission(request)
    }
    assert changed <= CHANGED_IN_ADMIN


def test_admin_has_no_action_of_its_own() -> None:
    """An action would go around the pages that write who, when and who agreed."""
    assert {name for each in admin.site._registry.values() for name in each.actions or ()} == set()
