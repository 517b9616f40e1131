"""The database's part of the cascade: each document hangs on one of the kind above it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION check_document_parent() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE parent_kind text;
            BEGIN
                SELECT kind INTO parent_kind FROM programmes_document WHERE id = NEW.parent_id;
                IF (NEW.kind, parent_kind) NOT IN (
                    ('work_programme', 'indicative_programme'),
                    ('indicative_programme', 'strategy_paper')
                ) THEN
                    RAISE EXCEPTION 'a document of kind % cannot hang on one of kind %',
                        NEW.kind, parent_kind USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER programmes_document_parent
                BEFORE INSERT OR UPDATE OF parent_id, kind ON programmes_document
                FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
                EXECUTE FUNCTION check_document_parent();

            CREATE FUNCTION check_action_parent() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NOT EXISTS (
                    SELECT FROM programmes_document
                    WHERE id = NEW.work_programme_id AND kind = 'work_programme'
                ) THEN
                    RAISE EXCEPTION 'an action hangs on an annual work programme'
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER programmes_action_parent
                BEFORE INSERT OR UPDATE OF work_programme_id ON programmes_action
                FOR EACH ROW EXECUTE FUNCTION check_action_parent();
            """,
            reverse_sql="""
            DROP TRIGGER programmes_action_parent ON programmes_action;
            DROP FUNCTION check_action_parent();
            DROP TRIGGER programmes_document_parent ON programmes_document;
            DROP FUNCTION check_document_parent();
            """,
        ),
    ]
