"""The indexes by which projects and organisations are found by a word."""

import django.contrib.postgres.indexes
from django.db import migrations

import portal.folding


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_shares"), ("calls", "0002_folded")]

    operations = [
        migrations.RemoveIndex(model_name="project", name="project_title_trgm"),
        migrations.AddIndex(
            model_name="project",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    portal.folding.Folded("title", "acronym", "reference", "code"),
                    name="gin_trgm_ops",
                ),
                name="project_words",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    portal.folding.Folded("name", "code"), name="gin_trgm_ops"
                ),
                name="organisation_words",
            ),
        ),
    ]
