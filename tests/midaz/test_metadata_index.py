"""Lists by metadata are answered by an index, however many rows there are."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from console.balances.models import JournalEntry, JournalLine, Transaction
from console.midaz.lists import with_metadata
from console.portfolios.models import Account, Portfolio

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (Account.everything.all(), "account_metadata"),
        (Portfolio.objects.all(), "portfolio_metadata"),
        (JournalEntry.objects.all(), "entry_metadata"),
        (JournalLine.objects.order_by(), "line_metadata"),
        (Transaction.objects.all(), "transaction_metadata"),
    ],
)
@pytest.mark.parametrize("query", ["metadata.tier=gold", "metadata.size=12", "metadata.a=1&metadata.b=true"])
def test_is_the_one_of_its_table(rows: "QuerySet[Any]", index: str, query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in with_metadata(rows, QueryDict(query)).order_by().explain()
