"""What a communication is for, which decides whether customers must have agreed to it."""

from dataclasses import dataclass

from django.db import models

from console.billing.models import Consent


class Purpose(models.TextChoices):
    """Those that consent is kept for are called as there (`Consent.Purpose`)."""

    MARKETING = "marketing", "Offers"
    SURVEYS = "surveys", "Surveys"
    BILLING = "billing", "Bills and reminders"
    SERVICE = "service", "Service"


# What a contract does not ask for: the customer's own word decides (GDPR, article 6(1)(a) beside (b)).
BY_CONSENT = (Purpose.MARKETING, Purpose.SURVEYS)


@dataclass(frozen=True)
class Rules:
    """What decides who is held back: where it goes (email, webhook), what for, and how it reaches the customer.

    `reached_by` is the channel that consent is kept for: a webhook goes to a system of the bank, which then writes,
    texts or calls.
    """

    channel: str
    purpose: str = Purpose.SERVICE
    reached_by: str = Consent.Channel.EMAIL
    is_marketing: bool = False

    @property
    def needs_consent(self) -> bool:
        return self.purpose in BY_CONSENT

    def in_words(self) -> str:
        """The purpose, and which consent it takes: “Offers, by consent to email”."""
        purpose = str(Purpose(self.purpose).label)
        reached = str(Consent.Channel(self.reached_by).label)
        reached = reached if reached.isupper() else reached.lower()
        return (
            f"{purpose}, by consent to {reached}" if self.needs_consent else f"{purpose}, no consent needed"
        )
