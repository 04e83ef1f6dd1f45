"""Where a request goes: which organization and ledger its address names, and whether its key opens them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import BaseModel

from console.keeping import stays
from console.midaz.faults import Refused
from console.organizations import scope
from console.organizations.access import KeyRequest
from console.organizations.models import ApiKey, Organization


class TopPath(BaseModel):
    """The address of organizations themselves: it names none."""


class OrganizationPath(BaseModel):
    """Ids in the address of what belongs to an organization."""

    organization_id: UUID


class LedgerPath(OrganizationPath):
    """Ids in the address of what belongs to a ledger."""

    ledger_id: UUID


class AliasPath(LedgerPath):
    """The address of an account by its alias."""

    alias: str


class CodePath(LedgerPath):
    """The address of an asset's external account, by the asset's code."""

    asset_code: str


@dataclass(frozen=True)
class Place:
    """Whose records a request is about, who asks, and when. Organizations themselves are asked for by the key's own."""

    key: ApiKey
    at: datetime
    organization: Organization
    ledger: Any = None

    def accounts(self) -> Any:
        """The accounts of the ledger, external ones too. They name the organization, so that the wall around every row
        is checked once for all of them."""
        return self.organization.accounts(manager="everything").filter(ledger=self.ledger, deleted_at=None)

    def stays(self) -> None:
        """Nobody deletes the ledger until the transaction ends. Raises Refused 0037 where somebody did just now."""
        if self.ledger and not stays(self.organization.ledgers.filter(pk=self.ledger.pk)):
            raise Refused("0037", "Ledger")


def find(request: KeyRequest, ids: Any) -> Place:
    """The place that the ids of an address name; what follows is done in the scope of that organization.

    Raises Refused 0038 and 0037 for what is not there, or not for this key; 0047 for a character NUL in what is asked.
    """
    if "\0" in request.path:
        raise Refused("0047", fields={"address": "It has a character NUL in it."})
    key, at = request.auth, timezone.now()
    if not isinstance(ids, OrganizationPath):
        scope.everywhere()  # `opened` is the wall around organizations
        return Place(key, at, key.organization)
    organization = reached(key, ids.organization_id)
    scope.enter(organization)
    if not isinstance(ids, LedgerPath):
        return Place(key, at, organization)
    ledger = organization.ledgers.filter(pk=ids.ledger_id).first()
    if ledger is None:
        raise Refused("0037", "Ledger")
    return Place(key, at, organization, ledger)


def reached(key: ApiKey, pk: UUID) -> Organization:
    """The organization of that id, when the key opens it: its own, or one that its organization founded.

    Raises Refused 0038.
    """
    if pk == key.organization_id and key.organization.deleted_at is None:
        return key.organization
    with scope.across():
        organization = opened(key).filter(pk=pk).first()
    if organization is None:
        raise Refused("0038", "Organization")
    found: Organization = organization
    return found


def opened(key: ApiKey) -> Any:
    """The organizations that a key opens, to be asked across."""
    home = key.organization_id
    return Organization.objects.filter(pk=home) | Organization.objects.filter(founded_by=home)
