"""Nothing is put or moved into adopted content either, and versions are not emptied away; see `programmes.freezing`."""

from django.db import migrations

# What a row was and what it becomes are both asked: neither leaves nor enters an adopted document.
BOTH_ENDS = """
CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line jsonb;
    document bigint;
BEGIN
    FOREACH line IN ARRAY ARRAY[to_jsonb(OLD), to_jsonb(NEW)] LOOP
        IF TG_ARGV[0] = 'action_id' THEN
            SELECT work_programme_id INTO document FROM programmes_action
                WHERE id = (line ->> 'action_id')::bigint;
        ELSE
            document := (line ->> TG_ARGV[0])::bigint;
        END IF;
        IF is_frozen(document) THEN
            RAISE EXCEPTION 'adopted content is frozen: % of % is refused', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER programmes_action_entered BEFORE INSERT ON programmes_action
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('work_programme_id');
CREATE TRIGGER programmes_actionamount_entered BEFORE INSERT ON programmes_actionamount
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('action_id');
CREATE TRIGGER programmes_version_refuse_truncate BEFORE TRUNCATE ON programmes_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change();
"""

ONE_END = """
DROP TRIGGER programmes_version_refuse_truncate ON programmes_version;
DROP TRIGGER programmes_actionamount_entered ON programmes_actionamount;
DROP TRIGGER programmes_action_entered ON programmes_action;

CREATE OR REPLACE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line jsonb := to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END);
    document bigint;
BEGIN
    IF TG_ARGV[0] = 'action_id' THEN
        SELECT work_programme_id INTO document FROM programmes_action
            WHERE id = (line ->> 'action_id')::bigint;
    ELSE
        document := (line ->> TG_ARGV[0])::bigint;
    END IF;
    IF is_frozen(document) THEN
        RAISE EXCEPTION 'adopted content is frozen: % of % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0008_registry_references")]

    operations = [migrations.RunSQL(sql=BOTH_ENDS, reverse_sql=ONE_END)]
