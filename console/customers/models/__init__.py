"""Whom the bank serves, what it declared about them, who read it, and whom it erased."""

from console.customers.models.attribute import Attribute
from console.customers.models.customer import Customer, RandomUuid
from console.customers.models.download import Download
from console.customers.models.erasure import Erasure
from console.customers.models.reveal import Reveal

__all__ = ["Attribute", "Customer", "Download", "Erasure", "RandomUuid", "Reveal"]
