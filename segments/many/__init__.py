"""Many segments at once, from their list: archived, used again, given tags and an owner."""
