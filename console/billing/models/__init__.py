"""What customers are billed, how they pay, where else they are known, whom to write to, what is watched."""

from console.billing.models.connectors import Connector, ConnectorLink
from console.billing.models.consents import Consent
from console.billing.models.contacts import Contact
from console.billing.models.invoices import Invoice, InvoiceEvent, NoAmount, NotPossible
from console.billing.models.methods import PaymentMethod
from console.billing.models.monitors import Monitor, MonitorReading

__all__ = [
    "Connector",
    "ConnectorLink",
    "Consent",
    "Contact",
    "Invoice",
    "InvoiceEvent",
    "Monitor",
    "MonitorReading",
    "NoAmount",
    "NotPossible",
    "PaymentMethod",
]
