"""Milestones of accounts, and the triggers that keep their numbers.

Each statement that makes or deletes rows of accounts looks once whether some of them lie before the end of the last
milestone of their ledger: new ones do not, and nothing is written. A row that is marked as deleted, or that moves, is
taken from the milestone where it was and added where it is. What a milestone says before it was counted stays NULL; that
the row is written nevertheless is how who counts meets who changes. A snapshot from before the milestones of today
would not see them, so such a transaction is refused.
"""

import django.db.models.deletion
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION accounts_come_and_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE each integer := CASE TG_OP WHEN 'DELETE' THEN -1 ELSE 1 END;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'Accounts are written by transactions that are READ COMMITTED.';
    END IF;
    UPDATE portfolios_accountmilestone milestone SET number = milestone.number + change.number FROM (
        SELECT one.id, each * count(*) AS number
        FROM (SELECT DISTINCT ledger_id FROM written) ledger
        CROSS JOIN LATERAL (
            SELECT high FROM portfolios_accountmilestone
            WHERE ledger_id = ledger.ledger_id ORDER BY low DESC LIMIT 1
        ) last
        JOIN written account
            ON account.ledger_id = ledger.ledger_id AND account.id < last.high AND account.deleted_at IS NULL
        CROSS JOIN LATERAL (
            SELECT id FROM portfolios_accountmilestone
            WHERE ledger_id = account.ledger_id AND low <= account.id ORDER BY low DESC LIMIT 1
        ) one
        GROUP BY one.id
    ) change WHERE milestone.id = change.id;
    RETURN NULL;
END $$;
CREATE FUNCTION account_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE feature_not_supported USING MESSAGE = 'Accounts are written by transactions that are READ COMMITTED.';
    END IF;
    UPDATE portfolios_accountmilestone SET number = number - 1 WHERE OLD.deleted_at IS NULL AND OLD.id < high
        AND id = (
            SELECT id FROM portfolios_accountmilestone
            WHERE ledger_id = OLD.ledger_id AND low <= OLD.id ORDER BY low DESC LIMIT 1
        );
    UPDATE portfolios_accountmilestone SET number = number + 1 WHERE NEW.deleted_at IS NULL AND NEW.id < high
        AND id = (
            SELECT id FROM portfolios_accountmilestone
            WHERE ledger_id = NEW.ledger_id AND low <= NEW.id ORDER BY low DESC LIMIT 1
        );
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER milestone_insert AFTER INSERT ON portfolios_account REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_come_and_go();
CREATE TRIGGER milestone_delete AFTER DELETE ON portfolios_account REFERENCING OLD TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_come_and_go();
CREATE TRIGGER milestone_update AFTER UPDATE ON portfolios_account FOR EACH ROW WHEN (
    (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) OR OLD.id <> NEW.id OR OLD.ledger_id <> NEW.ledger_id
) EXECUTE FUNCTION account_moves();
"""
NO_TRIGGERS = """
DROP TRIGGER milestone_insert ON portfolios_account;
DROP TRIGGER milestone_delete ON portfolios_account;
DROP TRIGGER milestone_update ON portfolios_account;
DROP FUNCTION accounts_come_and_go();
DROP FUNCTION account_moves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledgers", "0005_scale_is_kept"),
        ("organizations", "0020_billing_scopes"),
        ("portfolios", "0008_sample_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountMilestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("low", models.UUIDField(help_text="Where the stretch begins.")),
                ("high", models.UUIDField(help_text="Where the next one does.")),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Accounts that are not deleted; none before it was counted.", null=True
                    ),
                ),
                (
                    "set_in",
                    models.BigIntegerField(
                        help_text="The transaction (xid8) since which all others keep the number.", null=True
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_milestones",
                        to="ledgers.ledger",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_milestones",
                        to="organizations.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["ledger", "low"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ledger", "low"), include=("high",), name="account_milestone_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low__lt", models.F("high"))), name="account_milestone_goes_up"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS + TRIGGERS, NO_TRIGGERS),
    ]
