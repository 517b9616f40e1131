"""Uploaded files; the database refuses to change what a row tells of its bytes."""

import django.core.validators
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="File",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        editable=False,
                        max_length=64,
                        validators=[django.core.validators.RegexValidator("^[0-9a-f]{64}$")],
                        verbose_name="SHA-256",
                    ),
                ),
                ("size", models.PositiveBigIntegerField(editable=False, verbose_name="size")),
                (
                    "media_type",
                    models.CharField(editable=False, max_length=100, verbose_name="media type"),
                ),
                (
                    "pages",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="pages"
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=255, verbose_name="name")),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="uploaded",
                    ),
                ),
                ("uploaded_by", models.UUIDField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "file",
                "ordering": ["uploaded_at", "pk"],
                "indexes": [models.Index(fields=["sha256"], name="files_file_sha256_a19778_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="file_digest"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="file_not_empty"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
            CREATE TRIGGER files_file_kept BEFORE UPDATE ON files_file
                FOR EACH ROW EXECUTE FUNCTION refuse_change();
            """,
            reverse_sql="DROP TRIGGER files_file_kept ON files_file;",
        ),
    ]
