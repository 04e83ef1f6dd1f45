"""Why somebody is in a segment, or not: its definition as a tree, with the actual value at every rule."""
