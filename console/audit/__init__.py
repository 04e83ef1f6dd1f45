"""The audit trail as people read it: the list with its filters and export, one event, and the history of a thing."""
