"""The promise of an append-only table, kept by the database: no UPDATE, no DELETE, no TRUNCATE.

Rows of every guarded table take their place on one axis, `position`: a transaction that adds a row holds
one lock until it commits, so positions become visible in their own order and an answer given as of a
position never changes.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

# One lock for the axis; the number only has to be the same everywhere.
POSITION_LOCK = 7_210_667

SHARED_FUNCTIONS = RunSQL(
    sql=f"""
    CREATE SEQUENCE ledger_position AS bigint;

    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END $$;

    CREATE FUNCTION hold_position_lock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock({POSITION_LOCK});
        RETURN NULL;
    END $$;
    """,
    reverse_sql="""
    DROP FUNCTION hold_position_lock();
    DROP FUNCTION refuse_change();
    DROP SEQUENCE ledger_position;
    """,
)


def guard(table: str, *, place: str) -> RunSQL:
    """A migration operation that makes `table` append-only.

    `place` is the name of the trigger function that sets the row's position and moment.
    """
    return RunSQL(
        sql=f"""
        CREATE TRIGGER {table}_lock BEFORE INSERT ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION hold_position_lock();
        CREATE TRIGGER {table}_place BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {place}();
        CREATE TRIGGER {table}_refuse_row BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_refuse_truncate ON {table};
        DROP TRIGGER {table}_refuse_row ON {table};
        DROP TRIGGER {table}_place ON {table};
        DROP TRIGGER {table}_lock ON {table};
        """,
    )


def keep(table: str) -> RunSQL:
    """A migration operation that refuses every change of `table`, whose rows have no place on the axis."""
    return RunSQL(
        sql=f"""
        CREATE TRIGGER {table}_refuse_row BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_refuse_truncate ON {table};
        DROP TRIGGER {table}_refuse_row ON {table};
        """,
    )
