"""What can happen to a bank's record, by the names under which webhooks tell of it."""

from django.db import models


class DomainEvent(models.TextChoices):
    """Names are those of Midaz's stream of events, so that who listens there can listen here."""

    ORGANIZATION_CREATED = "organization.created", "An organization was made"
    ORGANIZATION_UPDATED = "organization.updated", "An organization was changed"
    ORGANIZATION_DELETED = "organization.deleted", "An organization was deleted"
    LEDGER_CREATED = "ledger.created", "A ledger was made"
    LEDGER_UPDATED = "ledger.updated", "A ledger was changed"
    LEDGER_DELETED = "ledger.deleted", "A ledger was deleted"
    ASSET_CREATED = "asset.created", "An asset was made"
    ASSET_UPDATED = "asset.updated", "An asset was changed"
    ASSET_DELETED = "asset.deleted", "An asset was deleted"
    PORTFOLIO_CREATED = "portfolio.created", "A portfolio was made"
    PORTFOLIO_UPDATED = "portfolio.updated", "A portfolio was changed"
    PORTFOLIO_DELETED = "portfolio.deleted", "A portfolio was deleted"
    SEGMENT_CREATED = "segment.created", "A segment was made"
    SEGMENT_UPDATED = "segment.updated", "A segment was changed"
    SEGMENT_DELETED = "segment.deleted", "A segment was deleted"
    ACCOUNT_CREATED = "account.created", "An account was made"
    ACCOUNT_UPDATED = "account.updated", "An account was changed, or its segment"
    ACCOUNT_DELETED = "account.deleted", "An account was deleted"
    ACCOUNT_TYPE_CREATED = "account-type.created", "An account type was made"
    ACCOUNT_TYPE_UPDATED = "account-type.updated", "An account type was changed"
    ACCOUNT_TYPE_DELETED = "account-type.deleted", "An account type was deleted"
    BALANCE_CHANGED = "balance.changed", "A balance changed"
