"""Django's PostgreSQL backend, which in each transaction says first whose rows are meant and who is at work."""
