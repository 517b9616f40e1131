"""A version of a record that was adopted elsewhere may have no day: its source gives a year or nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0005_one_rule_at_a_time")]

    operations = [
        migrations.AlterField(
            model_name="version",
            name="adopted",
            field=models.DateField(
                blank=True,
                help_text="Empty where the day is not known.",
                null=True,
                verbose_name="adopted",
            ),
        ),
    ]
