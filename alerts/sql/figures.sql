-- Three tables that live for one transaction.
--
-- Figures: what accounts showed, in order; the one thing that rules are judged by.
--   campaign_id  the campaign it is for; null: all that watch the account
--   position     the order within an account
--   previous     the balance before; value: the balance now; day: the ledger date it stands for
--   known_at     since when it is known here
--   start        'below' or 'clear' says where the account stood before, whatever is known; null: judge by its state
--   how          movement (items were posted), day (a day began), activation (the campaign met it as it is)
--   since_on     how = day: the items that caused it were booked after this day
CREATE TEMP TABLE IF NOT EXISTS alerts_figure (
    campaign_id uuid, account_id uuid NOT NULL, position bigint NOT NULL, previous numeric, value numeric NOT NULL,
    day date NOT NULL, known_at timestamptz NOT NULL, start text, how text NOT NULL, since_on date
) ON COMMIT DELETE ROWS;

-- Entries: since when the touched accounts belong to segments that are watched, themselves or by an owner.
CREATE TEMP TABLE IF NOT EXISTS alerts_entry (
    account_id uuid NOT NULL, segment_id uuid NOT NULL, entered_at timestamptz NOT NULL
) ON COMMIT DELETE ROWS;

-- Steps: the figures that concern a campaign, numbered within (campaign, account), with its rule and what is known.
--   side         'below' or 'clear'; null: between the two, where everything stays as it is
--   start, was_open, episode, last_fired_at   where the account stood before the first step
CREATE TEMP TABLE IF NOT EXISTS alerts_step (
    campaign_id uuid NOT NULL, account_id uuid NOT NULL, n bigint NOT NULL, is_last boolean NOT NULL, side text,
    previous numeric, value numeric NOT NULL, day date NOT NULL, known_at timestamptz NOT NULL, how text NOT NULL,
    since_on date, threshold numeric NOT NULL, clear_at numeric NOT NULL, currency text NOT NULL, version integer NOT NULL,
    cooldown interval, start text NOT NULL, was_open boolean NOT NULL, episode integer NOT NULL, last_fired_at timestamptz
) ON COMMIT DELETE ROWS;
TRUNCATE alerts_figure, alerts_entry, alerts_step
