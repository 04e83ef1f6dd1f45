"""Refreshes as staff see them: what waits, runs and went wrong; and how often a segment is due."""
