"""Addresses that get nothing more. Only a hash is kept, so the entry may outlive the customer it came from."""

from datetime import datetime
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Collate, Lower, Trim

from console.organizations import hashing
from console.organizations.models import Organization

# Letters of any script become small the same way in every database, whatever its own locale does with them.
COLLATION = "pg_c_utf8"


def address_hash(organization: UUID, address: str) -> str:
    """Under what an organization remembers an address: the keyed hash of the SHA-256 of "organization:address".

    Case aside. Only who has the key can try addresses against it. The database makes it, as it does for audiences:
    Python knows other small letters, of İ for one, and an address would be sought under another hash than it has.
    """
    asked = AddressHash(Value(str(organization)), Value(address, models.TextField()))
    query = Organization.objects.annotate(asked=asked).values("asked").query
    statement, parameters = asked.resolve_expression(query).as_sql(
        query.get_compiler(DEFAULT_DB_ALIAS), connection
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", parameters)
        return str(cursor.fetchone()[0])


class AddressHash(Func):
    """`address_hash` in a query, for whole audiences at once."""

    template = hashing.sql("encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')")
    arg_joiner = " || ':' || "
    output_field = models.CharField()

    def __init__(self, organization: str | Combinable, address: str | Combinable) -> None:
        super().__init__(Cast(organization, models.TextField()), Lower(Collate(Trim(address), COLLATION)))


class Suppression(models.Model):
    """An address of an organization that gets nothing more, and why."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", "Opted out of email"
        BOUNCED = "bounced", "Address bounced before"
        COMPLAINED = "complained", "Reported as spam"
        ERASED = "erased", "Customer erased"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="suppressions", db_index=False
    )
    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=12, choices=Reason)
    message = models.ForeignKey(
        "communications.Message", models.SET_NULL, null=True, related_name="suppressions"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "address_hash"], name="suppression_once")
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}…, {self.get_reason_display().lower()}"

    @classmethod
    def add(
        cls, organization: UUID, address: str, *, reason: str, at: datetime, message: UUID | None = None
    ) -> None:
        """Suppress `address` from now on; an entry that stands already keeps its reason and time."""
        entry = Suppression(
            organization_id=organization,
            address_hash=address_hash(organization, address),
            reason=reason,
            message_id=message,
            at=at,
        )
        Suppression.objects.bulk_create([entry], ignore_conflicts=True)
