from django.db import migrations

# The table of Django's database cache, as createcachetable makes it.
CACHE = """
CREATE TABLE signin_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX signin_cache_expires ON signin_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_keys")]

    operations = [migrations.RunSQL(CACHE, "DROP TABLE signin_cache")]
