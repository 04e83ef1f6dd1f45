"""Who receives: one query for the preview, the send and the last look before each try, so they can't disagree."""

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import BitXor
from django.db import models
from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from communications.models.suppressions import AddressHash, Suppression
from communications.purposes import Rules
from console.customers.models import Customer
from console.portfolios.models import AccountHolder
from segments.models import Population, Segment

if TYPE_CHECKING:
    from communications.models.configurations import ConfigurationVersion
    from communications.models.runs import Run


# Customers, each with `held_back`.
Recipients = QuerySet[Any]


class HeldBack(models.TextChoices):
    """Why a planned message does not go out."""

    OBJECTED = "objected", "Objected to profiling"
    DISABLED = "disabled", "Messages switched off"
    NO_CONSENT = "no_consent", "No consent: never asked"
    DECLINED = "declined", "No consent: declined"
    NO_EMAIL = "no_email", "No email address"
    UNSUBSCRIBED = "unsubscribed", "Opted out of email"
    BOUNCED = "bounced", "Address bounced before"
    COMPLAINED = "complained", "Reported as spam"
    ERASED = "erased", "Customer erased"


def members(segment: Segment) -> QuerySet[Customer]:
    """The customers of a segment; of a segment of accounts all their holders, each once.

    The organization is compared as text, which no index answers. Memberships of a minute ago have no statistics: given
    the index, the planner takes 100,000 members for one and compares each customer with each.
    """
    if segment.population == Population.CUSTOMERS:
        found: Any = segment.customer_memberships.values("customer")
    else:
        found = AccountHolder.objects.filter(account__memberships__segment=segment).values("customer")
    customers = Customer.objects.alias(owner=Cast("organization", models.TextField()))
    return customers.filter(pk__in=found, owner=str(segment.organization_id))


def with_reasons(customers: QuerySet[Customer], rules: Rules) -> Recipients:
    """`customers` with `held_back`: "" for those who receive, else the first of HeldBack that keeps them from it.

    What they said last of the purpose and channel is joined once: an audience is one statement, however many it is.
    """
    reasons = [When(erased_at__isnull=False, then=Value(HeldBack.ERASED))]
    if rules.is_marketing:
        reasons.append(When(profiling_objected_at__isnull=False, then=Value(HeldBack.OBJECTED)))
    reasons.append(When(communications_enabled=False, then=Value(HeldBack.DISABLED)))
    if rules.needs_consent:
        asked = Q(consents__channel=rules.reached_by, consents__purpose=rules.purpose)
        customers = customers.annotate(word=FilteredRelation("consents", condition=asked))
        reasons.append(When(word__is_given__isnull=True, then=Value(HeldBack.NO_CONSENT)))
        reasons.append(When(word__is_given=False, then=Value(HeldBack.DECLINED)))
    otherwise: Value | Coalesce = Value("")
    if rules.channel == "email":
        reasons.append(When(email="", then=Value(HeldBack.NO_EMAIL)))
        otherwise = Coalesce(Subquery(_suppressions(rules).values("reason")[:1]), Value(""))
    return customers.annotate(held_back=Case(*reasons, default=otherwise, output_field=models.CharField()))


def _suppressions(rules: Rules) -> QuerySet[Suppression]:
    """What keeps a customer's address from it. Who opted out still gets what needs no consent, or agreed since."""
    of_address = Suppression.objects.filter(
        organization=OuterRef("organization"),
        address_hash=AddressHash(OuterRef("organization"), OuterRef("email")),
    )
    opted_out = Q(reason=Suppression.Reason.UNSUBSCRIBED)
    since = Q(at__lt=OuterRef("word__said_at")) if rules.needs_consent else Q()
    return of_address.exclude(opted_out & since)


def recipients(version: "ConfigurationVersion") -> Recipients:
    """The customers that a send of `version` would plan a message for, each with `held_back`."""
    return with_reasons(members(version.segment), version.rules)


@dataclass(frozen=True)
class Audience:
    """Who would receive now: how many, how many are held back for which reason, and the fingerprint of it all."""

    planned: int
    held_back: dict[str, int]
    fingerprint: str

    @property
    def sending(self) -> int:
        """How many messages would leave."""
        return self.planned - self.total_held_back

    @property
    def total_held_back(self) -> int:
        return sum(self.held_back.values())

    @property
    def without_consent(self) -> int:
        """How many have not agreed to it, asked or not."""
        return sum(self.held_back.get(reason, 0) for reason in (HeldBack.NO_CONSENT, HeldBack.DECLINED))

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Reasons in words with their counts, the commonest first."""
        counted = sorted(self.held_back.items(), key=lambda item: -item[1])
        return [(HeldBack(reason).label, count) for reason, count in counted]


def audience(version: "ConfigurationVersion") -> Audience:
    """Count the recipients of `version` in one pass.

    The fingerprint covers the configuration's, the template's and the segment's versions, and each customer by an
    order-free sum of hashes: it changes when anyone enters, leaves, or is held back.
    """
    return _counted(version, recipients(version), "pk")


def planned(run: "Run") -> Audience:
    """Who the messages of a run are for, counted as `audience` counts: the same people, the same fingerprint."""
    return _counted(run.version, run.messages.all(), "customer")


def _counted(version: "ConfigurationVersion", rows: QuerySet[Any], customer: str) -> Audience:
    identity = Func(F(customer), Cast(Value(0), models.BigIntegerField()), function="uuid_hash_extended")
    counted = rows.order_by().values("held_back")
    counted = counted.annotate(n=Count("pk"), who=BitXor(identity, output_field=models.BigIntegerField()))
    groups = list(counted.values_list("held_back", "n", "who"))
    template = version.template
    words = template.version_id if template else None
    covered = [version.pk, words, version.segment.version_id, sorted(groups)]
    return Audience(
        planned=sum(n for _, n, _ in groups),
        held_back={reason: n for reason, n, _ in groups if reason},
        fingerprint=hashlib.sha256(json.dumps(covered).encode()).hexdigest(),
    )
