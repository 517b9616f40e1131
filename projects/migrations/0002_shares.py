"""The database's part of shares: all of a project's add up to 100 %, or none is given."""

from django.db import migrations


def shares_add_up(table: str) -> migrations.RunSQL:
    """Checked when the transaction commits, so that tags may be written one after the other."""
    return migrations.RunSQL(
        sql=f"""
        CREATE FUNCTION check_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE shared integer; tags integer; total numeric;
            changed bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END;
        BEGIN
            SELECT count(share), count(*), sum(share) INTO shared, tags, total
                FROM {table} WHERE project_id = changed;
            IF shared > 0 AND (shared <> tags OR total <> 100) THEN
                RAISE EXCEPTION 'shares of project % add up to % over % of % tags; they add up to 100 or are absent',
                    changed, total, shared, tags USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER {table}_shares AFTER INSERT OR UPDATE OR DELETE ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_{table}();
        """,
        reverse_sql=f"""
        DROP TRIGGER {table}_shares ON {table};
        DROP FUNCTION check_{table}();
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [
        shares_add_up("projects_projectstrand"),
        shares_add_up("projects_projectcountry"),
    ]
