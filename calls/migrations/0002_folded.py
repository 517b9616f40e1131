"""How text is searched: the function that folds it, and the index of calls."""

import django.contrib.postgres.indexes
from django.db import migrations

import portal.folding


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("countries", "0001_initial")]

    operations = [
        # The dictionary is named with its schema: indexes are rebuilt with an empty search path.
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION folded(VARIADIC parts text[]) RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT lower(public.unaccent('public.unaccent', array_to_string(parts, ' ')))
            $$;
            """,
            reverse_sql="DROP FUNCTION folded(text[]);",
        ),
        migrations.RemoveIndex(model_name="call", name="call_title_trgm"),
        migrations.AddIndex(
            model_name="call",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    portal.folding.Folded("title", "reference", "code"), name="gin_trgm_ops"
                ),
                name="call_words",
            ),
        ),
    ]
