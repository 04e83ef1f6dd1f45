"""What the console runs on where a machine brings nothing but Python: servers from wheels, and who watches them.

Knows nothing of Django. `up` is bin/up, `command` is bin/manage, `keeper` holds PostgreSQL and the broker,
`supervisor` the programs.
"""
