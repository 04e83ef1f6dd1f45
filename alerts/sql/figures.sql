-- What accounts showed, in order: the one thing that the rules are judged by. Rows live for one transaction.
--   campaign_id  the campaign it is for; null: all that watch the account
--   position     the order within an account
--   previous     the balance before; value: the balance now; day: the ledger date it stands for
--   known_at     since when it is known here
--   side         'below' or 'clear' says where the account stood before, whatever is known; null: judge by its state
--   how          movement (items were posted), day (a day began), activation (the campaign met it as it is)
--   since_on     how = day: the items that caused it were booked after this day
CREATE TEMP TABLE IF NOT EXISTS alerts_figure (
    campaign_id uuid, account_id uuid NOT NULL, position bigint NOT NULL, previous numeric, value numeric NOT NULL,
    day date NOT NULL, known_at timestamptz NOT NULL, side text, how text NOT NULL, since_on date
) ON COMMIT DELETE ROWS;
TRUNCATE alerts_figure
