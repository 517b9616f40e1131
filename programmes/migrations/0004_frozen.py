"""The database's promise that adopted content stays as it was adopted; see `programmes.freezing`."""

from django.db import migrations

DRAFTED = "('draft', 'in_consultation')"

FREEZE = f"""
CREATE FUNCTION is_frozen(document bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('portal.unfrozen', true), '') <> 'on'
        AND EXISTS (
            SELECT FROM programmes_document WHERE id = document AND status NOT IN {DRAFTED}
        )
$$;

CREATE FUNCTION refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER programmes_document_frozen
    BEFORE UPDATE OF programme_id, kind, title, reference, period_start, period_end,
        stated_amount, parent_id, amends_id, note ON programmes_document
    FOR EACH ROW WHEN (
        (OLD.programme_id, OLD.kind, OLD.title, OLD.reference, OLD.period_start, OLD.period_end,
            OLD.stated_amount, OLD.parent_id, OLD.amends_id, OLD.note)
        IS DISTINCT FROM
        (NEW.programme_id, NEW.kind, NEW.title, NEW.reference, NEW.period_start, NEW.period_end,
            NEW.stated_amount, NEW.parent_id, NEW.amends_id, NEW.note))
    EXECUTE FUNCTION refuse_frozen('id');
CREATE TRIGGER programmes_document_kept BEFORE DELETE ON programmes_document
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('id');
CREATE TRIGGER programmes_action_frozen BEFORE UPDATE ON programmes_action
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION refuse_frozen('work_programme_id');
CREATE TRIGGER programmes_action_kept BEFORE DELETE ON programmes_action
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('work_programme_id');
CREATE TRIGGER programmes_actionamount_frozen BEFORE UPDATE OR DELETE ON programmes_actionamount
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('action_id');
CREATE TRIGGER programmes_passage_frozen BEFORE INSERT OR UPDATE OR DELETE ON programmes_passage
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('document_id');
CREATE TRIGGER programmes_allocation_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON programmes_allocation
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('document_id');

CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version stays as it was adopted: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER programmes_version_kept BEFORE UPDATE OR DELETE ON programmes_version
    FOR EACH ROW EXECUTE FUNCTION refuse_version_change();
"""

THAW = """
DROP TRIGGER programmes_version_kept ON programmes_version;
DROP FUNCTION refuse_version_change();
DROP TRIGGER programmes_allocation_frozen ON programmes_allocation;
DROP TRIGGER programmes_passage_frozen ON programmes_passage;
DROP TRIGGER programmes_actionamount_frozen ON programmes_actionamount;
DROP TRIGGER programmes_action_kept ON programmes_action;
DROP TRIGGER programmes_action_frozen ON programmes_action;
DROP TRIGGER programmes_document_kept ON programmes_document;
DROP TRIGGER programmes_document_frozen ON programmes_document;
DROP FUNCTION refuse_frozen();
DROP FUNCTION is_frozen(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_programming")]

    operations = [migrations.RunSQL(sql=FREEZE, reverse_sql=THAW)]
