"""The check that pages are given what they ask for can fail, and lets pass what a component may do without."""

import pytest
from django.template import engines

from tests.given import NotGiven


def written(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing }}",
        "{{ one.missing }}",
        "{{ missing|number }}",
        "{% with url=missing %}{{ url }}{% endwith %}",
        '{% include "components/badge.html" with text=missing only %}',
    ],
)
def test_a_gap_is_refused(source: str) -> None:
    with pytest.raises(NotGiven, match="missing"):
        written(source, one={})


@pytest.mark.parametrize(
    "source",
    [
        "{{ missing|default:'' }}",
        "{% if missing %}there{% endif %}",
        "{% for each in missing %}there{% endfor %}",
        "{{ empty }}",
    ],
)
def test_what_may_be_missing_says_so(source: str) -> None:
    assert not written(source, empty="")
