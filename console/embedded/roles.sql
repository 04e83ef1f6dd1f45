-- The two roles under which the console works; neither owns anything. Run once by who may make roles, in the console's
-- database, which its owner owns: the embedded server does it, elsewhere `psql -f console/embedded/roles.sql`.
-- tranche_app signs in and sees one organization at a time; tranche_across is taken for a transaction that has none.
DO $$
DECLARE
  owner name := (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database());
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_app') THEN
    CREATE ROLE tranche_app LOGIN NOINHERIT;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tranche_across') THEN
    CREATE ROLE tranche_across NOLOGIN;
  END IF;
  IF NOT pg_has_role('tranche_app', 'tranche_across', 'SET') THEN
    GRANT tranche_across TO tranche_app WITH INHERIT FALSE, SET TRUE;
  END IF;
  IF NOT (pg_has_role(owner, 'tranche_app', 'SET') AND pg_has_role(owner, 'tranche_across', 'SET')) THEN
    EXECUTE format('GRANT tranche_app, tranche_across TO %I WITH INHERIT FALSE, SET TRUE', owner);
  END IF;
END
$$;
