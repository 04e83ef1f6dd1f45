"""Segments that are assigned: made, changed and taken out of use on pages."""
