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

-- Behind row-level security a condition may choose rows by an index only if its function is said to leak nothing about
-- the rows it is shown. PostgreSQL says so of uuid, text, dates and integers; of these only a superuser can. Their errors
-- and times do tell a little of a value, to who writes SQL by hand; the walls are there for a forgotten condition.
-- Without it everything works, and searches by part of a name and by amount read all rows of the organization.
-- Run it once more after the first `manage.py migrate`, which makes fold(), and after a restore.
DO $$
DECLARE
  wanted text[] := ARRAY[
    'numeric_eq(numeric,numeric)', 'numeric_ne(numeric,numeric)', 'numeric_lt(numeric,numeric)',
    'numeric_le(numeric,numeric)', 'numeric_gt(numeric,numeric)', 'numeric_ge(numeric,numeric)',
    'textlike(text,text)', 'textnlike(text,text)', 'texticlike(text,text)', 'texticnlike(text,text)',
    'lower(text)', 'upper(text)', 'octet_length(text)', 'char_length(text)', 'length(text)',
    'arraycontains(anyarray,anyarray)', 'arraycontained(anyarray,anyarray)', 'arrayoverlap(anyarray,anyarray)',
    'jsonb_contains(jsonb,jsonb)', 'jsonb_exists(jsonb,text)', 'jsonb_object_field_text(jsonb,text)',
    'public.fold(text)', 'public.fold_accented(text)'];
  each text;
BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN; END IF;
  FOREACH each IN ARRAY wanted LOOP
    IF NOT (SELECT proleakproof FROM pg_proc WHERE oid = to_regprocedure(each)) THEN
      EXECUTE format('ALTER FUNCTION %s LEAKPROOF', to_regprocedure(each));
    END IF;
  END LOOP;
END
$$;
