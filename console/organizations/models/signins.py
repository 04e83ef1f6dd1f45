"""What happens at the door that leaves no other row: tries that failed, and leaving."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from console.organizations.fields import uuid_key
from console.organizations.models.people import User

LOCKED_FOR = timedelta(minutes=30)


class SignInEvent(models.Model):
    """One thing that happened when somebody signed in or out. Never changed.

    `user` is who it was to be: who fails has proved nothing. Without one it was tried under an address that nobody has;
    the same is written then, so that the answer takes the same time. Coming in is a session, enrolling a factor of its
    own.
    """

    class What(models.TextChoices):
        PASSWORD = "password", "Wrong password"
        CODE = "code", "Wrong code"
        LOCKED = "locked", "Locked after too many failed tries"
        OUT = "out", "Signed out"
        AWAY = "away", "Signed out after being away"

    id = uuid_key()
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    what = models.CharField(max_length=8, choices=What)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "what", "at"], name="signin_event_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["password", "code", "locked", "out", "away"]), name="signin_event_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_what_display()

    @classmethod
    def note(cls, user: User | None, what: str, *, at: datetime) -> None:
        """Keep it; that an account is locked only once for each time it is."""
        same = cls.objects.filter(user=user, what=what, at__gt=at - LOCKED_FOR)
        if what != cls.What.LOCKED or not same.exists():
            cls.objects.create(user=user, what=what, at=at)
