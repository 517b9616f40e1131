"""The demonstration programme may tell of a past only while nothing is sealed yet."""

from django.db import migrations

PLACE = """
CREATE OR REPLACE FUNCTION place_ledger_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.position := nextval('ledger_position');
    -- Only the demonstration programme may say that it was posted in the past{when}.
    IF NEW.posted_at >= transaction_timestamp() OR NOT EXISTS (
        SELECT FROM programmes_programme WHERE code = NEW.programme AND demonstration
    ){condition} THEN
        NEW.posted_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_subjects"), ("audit", "0003_seals")]

    operations = [
        migrations.RunSQL(
            sql=PLACE.format(
                when=", before the first seal",
                condition=" OR EXISTS (SELECT FROM audit_seal)",
            ),
            reverse_sql=PLACE.format(when="", condition=""),
        ),
    ]
