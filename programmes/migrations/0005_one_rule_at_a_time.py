"""One rule at a time for each question about a country, one suspension at a time; instruments by any name."""

from __future__ import annotations

import django.contrib.postgres.constraints
from django.db import migrations, models

import programmes.models.places

ASK = """
UPDATE programmes_programmecountry AS placed SET question = rule.question
FROM programmes_eligibilityrule AS rule WHERE rule.id = placed.rule_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("countries", "0001_initial"),
        ("programmes", "0004_frozen"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="programmecountry",
            name="programme_country_once",
        ),
        migrations.AddField(
            model_name="programmecountry",
            name="question",
            field=models.CharField(
                choices=[
                    ("place", "where the action takes place"),
                    ("applicant_kind", "what kind of body applies"),
                    ("nationality", "where the applicant comes from"),
                ],
                default="place",
                max_length=20,
                verbose_name="question",
            ),
        ),
        migrations.RunSQL(ASK, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="programmecountry",
            name="instrument",
            field=models.CharField(blank=True, max_length=40, verbose_name="instrument"),
        ),
        migrations.AddConstraint(
            model_name="programmecountry",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("programme", "="),
                    ("country", "="),
                    ("question", "="),
                    (
                        programmes.models.places.DayRange(
                            models.F("valid_from"), models.F("valid_to")
                        ),
                        "&&",
                    ),
                ],
                name="one_rule_at_a_time",
                violation_error_message="The country has a rule for that time already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmecountry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="programme_country_order",
                violation_error_message="The last day is before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("programme", "="),
                    ("country", "="),
                    (
                        programmes.models.places.DayRange(
                            models.F("suspended_from"), models.F("suspended_to")
                        ),
                        "&&",
                    ),
                ],
                name="one_suspension_at_a_time",
                violation_error_message="The country is suspended at that time already.",
            ),
        ),
    ]
