"""What a new segment can start from: the filters of a list, or a ready-made segment with its figures."""
