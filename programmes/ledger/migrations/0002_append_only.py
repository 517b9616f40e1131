"""The database's part of the ledger: places on the axis, no change ever, reversals that cancel exactly."""

from django.db import migrations

from portal.audit.append_only import guard

PLACE = migrations.RunSQL(
    sql="""
    CREATE FUNCTION place_ledger_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.position := nextval('ledger_position');
        -- Only the demonstration programme may say that it was posted in the past.
        IF NEW.posted_at >= transaction_timestamp() OR NOT EXISTS (
            SELECT FROM programmes_programme WHERE code = NEW.programme AND demonstration
        ) THEN
            NEW.posted_at := clock_timestamp();
        END IF;
        RETURN NEW;
    END $$;
    """,
    reverse_sql="DROP FUNCTION place_ledger_row();",
)

REVERSAL = migrations.RunSQL(
    sql="""
    CREATE FUNCTION check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE original ledger_posting;
    BEGIN
        SELECT * INTO original FROM ledger_posting WHERE id = NEW.reverses_id;
        IF original.reverses_id IS NOT NULL
            OR NEW.amount <> -original.amount
            OR (NEW.measure, NEW.programme, NEW.strand, NEW.place, NEW.region, NEW.country,
                NEW.project, NEW.call, NEW.lot, NEW.action, NEW.commitment, NEW.work_programme,
                NEW.indicative_programme, NEW.value_date, NEW.budget_year, NEW.period_start,
                NEW.period_end, NEW.attribution)
            IS DISTINCT FROM
               (original.measure, original.programme, original.strand, original.place,
                original.region, original.country, original.project, original.call, original.lot,
                original.action, original.commitment, original.work_programme,
                original.indicative_programme, original.value_date, original.budget_year,
                original.period_start, original.period_end, original.attribution)
        THEN
            RAISE EXCEPTION 'a reversal takes back exactly what it reverses'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER ledger_posting_reversal BEFORE INSERT ON ledger_posting
        FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION check_reversal();
    """,
    reverse_sql="""
    DROP TRIGGER ledger_posting_reversal ON ledger_posting;
    DROP FUNCTION check_reversal();
    """,
)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
        ("programmes", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        PLACE,
        REVERSAL,
        guard("ledger_posting", place="place_ledger_row"),
        guard("ledger_milestone", place="place_ledger_row"),
        guard("ledger_tag", place="place_ledger_row"),
    ]
