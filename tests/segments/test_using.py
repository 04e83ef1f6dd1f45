"""By what a segment is still used, in words."""

import pytest

from segments.using import Usage, named


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["Gold"], "Gold still uses"),
        (["Gold", "Silver"], "Gold and Silver still use"),
        (["Gold", "Silver", "New"], "Gold, Silver and New still use"),
        (["Gold", "Silver", "New", "Old"], "Gold, Silver, New and others still use"),
    ],
)
def test_three_of_them_are_named(names: list[str], words: str) -> None:
    assert named([Usage("segment", name, "") for name in names]) == words
