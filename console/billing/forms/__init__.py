"""What staff say of invoices, payment methods, connectors, links, contacts, consents and monitors."""
