"""What staff say of a segment beside its rules, and which segments are whose: owner, tags, benefits, favourites."""
