"""What type an account is of: suggested where one is opened, and free where the ledger does not ask for its own."""

import pytest

from console.organizations.models import Staff
from tests.conftest import signed_in
from tests.factories import AccountFactory, LedgerFactory

pytestmark = pytest.mark.django_db


def test_types_are_suggested_where_an_account_is_opened(olga: Staff) -> None:
    bank, client = olga.organization, signed_in(olga)
    ledger = LedgerFactory(organization=bank)
    ledger.account_types.create(organization=bank, name="Mortgage", key_value="mortgage")
    AccountFactory(organization=bank, ledger=ledger, type="current_account")
    url = bank.url("portfolios:account_create", ledger.pk)
    drawn = client.get(url).content.decode()
    assert 'list="record_type-values"' in drawn
    assert '<option value="mortgage">Mortgage</option>' in drawn
    assert '<option value="current_account">Current account</option>' in drawn
    client.post(url, {"status": "ACTIVE", "asset_code": "EUR", "type": "of_our_own"})
    assert bank.accounts.filter(type="of_our_own").exists()
