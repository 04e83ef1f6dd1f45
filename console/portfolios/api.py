"""/api/v1/customers/…/accounts: which accounts a customer holds, in which role. Accounts themselves: /v1."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.http import Http404
from ninja import Query, Router, Schema, Status

from console.bearer import KeyAuth
from console.bodies import Said
from console.cursors import CursorQuery, list_of, page_of
from console.customers.api import find
from console.organizations.access import KeyRequest
from console.organizations.models import KeyScope
from console.portfolios.models import AccountHolder
from console.problems import Conflict, one_of

READ, WRITE = KeyAuth(KeyScope.CUSTOMERS_READ), KeyAuth(KeyScope.CUSTOMERS_WRITE)
router = Router(tags=["customers"], auth=READ)


class HoldingOut(Schema):
    """A customer's hold on an account."""

    account_id: UUID
    external_id: str
    role: str
    created_at: datetime

    @staticmethod
    def of(holder: AccountHolder) -> "HoldingOut":
        return HoldingOut(
            account_id=holder.account_id,
            external_id=holder.account.external_id,
            role=holder.role,
            created_at=holder.created_at,
        )


class HoldingIn(Said):
    role: Literal["owner", "authorised user"] = "owner"


@router.get(
    "/customers/{customer_id}/accounts", response=list_of(HoldingOut), summary="List a customer's accounts"
)
def list_holdings(request: KeyRequest, customer_id: UUID, query: Query[CursorQuery]) -> dict[str, Any]:
    """The accounts that the customer holds, not those that were deleted."""
    customer = find(request.auth.organization, customer_id)
    held = customer.holdings.filter(account__deleted_at=None).select_related("account")
    return page_of(held, query, "account_id", HoldingOut.of)


@router.put(
    "/customers/{customer_id}/accounts/{account_id}",
    response={200: HoldingOut},
    auth=WRITE,
    summary="Let a customer hold an account",
)
def put_holding(request: KeyRequest, customer_id: UUID, account_id: UUID, said: HoldingIn) -> HoldingOut:
    """In this role from now on, whether the customer held it before or not."""
    organization = request.auth.organization
    with transaction.atomic():
        customer = find(organization, customer_id, is_held=True)
        if customer.erased_at:
            raise Conflict("This customer was erased, which is for good.")
        rows = organization.accounts.select_for_update(of=("self",), no_key=True)
        account = one_of(rows, account_id, "account")
        holder, _ = organization.account_holders.update_or_create(
            account=account, customer=customer, defaults={"role": said.role}
        )
        holder.refresh_from_db()
    return HoldingOut.of(holder)


@router.delete(
    "/customers/{customer_id}/accounts/{account_id}",
    response={204: None},
    auth=WRITE,
    summary="End a customer's hold on an account",
)
def delete_holding(request: KeyRequest, customer_id: UUID, account_id: UUID) -> Status[None]:
    """404 where the customer does not hold it."""
    held = find(request.auth.organization, customer_id).holdings.filter(account=account_id)
    if not held.delete()[0]:
        raise Http404("The customer does not hold this account.")
    return Status(204, None)
