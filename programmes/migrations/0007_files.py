"""The files of documents."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# A file of a document in force stays; which text it is of which document is never changed.
KEEP = """
CREATE TRIGGER programmes_documentfile_kept BEFORE DELETE ON programmes_documentfile
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen('document_id');
CREATE TRIGGER programmes_documentfile_same
    BEFORE UPDATE OF document_id, file_id, language, version ON programmes_documentfile
    FOR EACH ROW WHEN (
        (OLD.document_id, OLD.file_id, OLD.language, OLD.version)
        IS DISTINCT FROM (NEW.document_id, NEW.file_id, NEW.language, NEW.version))
    EXECUTE FUNCTION refuse_change();
"""

LET_GO = """
DROP TRIGGER programmes_documentfile_same ON programmes_documentfile;
DROP TRIGGER programmes_documentfile_kept ON programmes_documentfile;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("programmes", "0006_version_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("bg", "Bulgarian"),
                            ("cs", "Czech"),
                            ("da", "Danish"),
                            ("de", "German"),
                            ("el", "Greek"),
                            ("en", "English"),
                            ("es", "Spanish"),
                            ("et", "Estonian"),
                            ("fi", "Finnish"),
                            ("fr", "French"),
                            ("ga", "Irish"),
                            ("hr", "Croatian"),
                            ("hu", "Hungarian"),
                            ("it", "Italian"),
                            ("lt", "Lithuanian"),
                            ("lv", "Latvian"),
                            ("mt", "Maltese"),
                            ("nl", "Dutch"),
                            ("pl", "Polish"),
                            ("pt", "Portuguese"),
                            ("ro", "Romanian"),
                            ("sk", "Slovak"),
                            ("sl", "Slovenian"),
                            ("sv", "Swedish"),
                            ("ar", "Arabic"),
                            ("az", "Azerbaijani"),
                            ("be", "Belarusian"),
                            ("fa", "Persian"),
                            ("he", "Hebrew"),
                            ("hy", "Armenian"),
                            ("ka", "Georgian"),
                            ("ru", "Russian"),
                            ("tr", "Turkish"),
                            ("uk", "Ukrainian"),
                        ],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(editable=False, verbose_name="version"),
                ),
                ("binding", models.BooleanField(default=False, verbose_name="binding")),
                (
                    "registry_reference",
                    models.CharField(
                        blank=True,
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^Ares\\((19|20)[0-9]{2}\\)[0-9]{1,12}$",
                                "Write it as the registry does, e.g. Ares(2009)12345.",
                            )
                        ],
                        verbose_name="registry reference",
                    ),
                ),
                (
                    "added_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="added",
                    ),
                ),
                (
                    "replaced_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="replaced"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="programmes.document",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_file",
                        to="files.file",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "ordering": ["language", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "language", "version"),
                        name="document_file_version_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("document", "language"),
                        name="document_file_one_current",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("binding", True), ("replaced_at__isnull", True)),
                        fields=("document",),
                        name="document_file_one_binding",
                        violation_error_message="Another language of this document is binding.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registry_reference", ""),
                            ("registry_reference__regex", "^Ares\\((19|20)[0-9]{2}\\)[0-9]{1,12}$"),
                            _connector="OR",
                        ),
                        name="document_file_registry_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="document_file_version_from_1"
                    ),
                ],
            },
        ),
        migrations.RunSQL(sql=KEEP, reverse_sql=LET_GO),
    ]
