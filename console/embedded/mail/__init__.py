"""A local mail catcher: takes whatever the console sends, keeps it, and shows it on a page of its own.

`smtp` takes, `store` keeps, `pages` shows, `catcher` is the program. Loopback only.
"""
