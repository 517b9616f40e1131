"""The binding text of a document in force is part of what was adopted; see `programmes.freezing`."""

from django.db import migrations

KEEP = """
CREATE TRIGGER programmes_documentfile_binding
    BEFORE UPDATE OF binding, replaced_at ON programmes_documentfile
    FOR EACH ROW WHEN (
        OLD.binding
        AND (OLD.binding, OLD.replaced_at) IS DISTINCT FROM (NEW.binding, NEW.replaced_at))
    EXECUTE FUNCTION refuse_frozen('document_id');
"""

LET_GO = "DROP TRIGGER programmes_documentfile_binding ON programmes_documentfile;"


class Migration(migrations.Migration):
    dependencies = [("programmes", "0009_nothing_slips_in")]

    operations = [migrations.RunSQL(sql=KEEP, reverse_sql=LET_GO)]
