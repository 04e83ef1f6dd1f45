"""The HTTP API of Lerian Midaz (3.5) under /v1/: a client of theirs, pointed here, works.

Paths, fields, limits, defaults, codes and status are theirs; words and the rest are ours. What differs on purpose, and
why, stands in docs/decisions/0019.
"""
