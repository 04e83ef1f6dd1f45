"""/api/v1 of billing: invoices, payment methods, connectors and who is linked on them, contacts, consents, monitors."""

from console.billing.api import connectors, customers, invoices, methods, monitors

routers = (invoices.router, methods.router, connectors.router, customers.router, monitors.router)
