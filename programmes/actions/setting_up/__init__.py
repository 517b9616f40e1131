"""Setting up a programme in the portal: the programme itself, its strands, regions, rules, countries, suspensions."""

from programmes.actions.setting_up.countries import change_countries, remove_countries
from programmes.actions.setting_up.programme import add_programme, change_programme, open_programme
from programmes.actions.setting_up.regions import add_region, change_region, remove_region
from programmes.actions.setting_up.rules import add_rule, change_rule, remove_rule
from programmes.actions.setting_up.strands import add_strand, change_strand, change_strands
from programmes.actions.setting_up.suspensions import add_suspension, lift_suspension
from programmes.members import MemberLine

__all__ = [
    "MemberLine",
    "add_programme",
    "add_region",
    "add_rule",
    "add_strand",
    "add_suspension",
    "change_countries",
    "change_programme",
    "change_region",
    "change_rule",
    "change_strand",
    "change_strands",
    "lift_suspension",
    "open_programme",
    "remove_countries",
    "remove_region",
    "remove_rule",
]
