"""Declared attributes on pages and in the API: which there are, what uses them, and what became of their index."""
