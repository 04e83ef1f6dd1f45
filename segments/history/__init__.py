"""Segments over time: who came and went, who was in on a past date, what the rules said before, and back to them."""
