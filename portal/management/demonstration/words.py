"""The words of which titles, summaries and names of invented projects and organisations are made."""

from __future__ import annotations

from projects.models import OrganisationKind

SUBJECTS = {
    "MIGDEV": (
        "Diaspora savings for small firms",
        "Cheaper and safer remittances",
        "Skills of returning migrants",
        "Nurses and doctors who stay in touch",
        "Local development plans with migrants abroad",
        "Migration profiles for ministries",
    ),
    "ECOMIG": (
        "Fair recruitment of seasonal workers",
        "Recognition of vocational certificates",
        "Advice before departure",
        "Labour market information for jobseekers",
        "Employment services for migrant workers",
        "Bilateral labour agreements",
    ),
    "ILLMIG": (
        "Voluntary return with dignity",
        "Readmission procedures that respect rights",
        "Training of border police in human rights",
        "Reception after return",
        "Cooperation against smuggling",
        "Travel documents that cannot be forged",
    ),
    "MIGPROT": (
        "Protection of domestic workers",
        "Schooling for children of migrants",
        "Help for victims of trafficking",
        "Legal advice for migrants without papers",
        "Labour inspection on farms and building sites",
        "Language and contact for newcomers",
    ),
    "ASYLUM": (
        "Registration of asylum seekers",
        "Reception of unaccompanied minors",
        "Training of asylum judges",
        "Local integration of refugees",
        "Quality of asylum decisions",
        "Documents for stateless persons",
    ),
}
MEANS = (
    "town councils",
    "a network of advice centres",
    "training and exchange",
    "regional dialogue",
    "better data",
    "work with employers and unions",
    "pilot projects",
)
AIM = {
    "MIGDEV": "The action helps migrants and their home towns to gain from migration.",
    "ECOMIG": "The action helps people to move for work legally, informed and at a fair price.",
    "ILLMIG": "The action helps authorities to manage return and borders within the law.",
    "MIGPROT": "The action protects migrants from exploitation and exclusion.",
    "ASYLUM": "The action helps authorities to receive and protect those who seek asylum.",
}
SHELTER = "Shelter for victims of trafficking"

ORGANISATIONS: tuple[tuple[str, OrganisationKind, str], ...] = (
    ("Demonstration Organisation for Migration", OrganisationKind.INTERNATIONAL, ""),
    ("Demonstration Refugee Office", OrganisationKind.INTERNATIONAL, ""),
    ("Demonstration Labour Bureau", OrganisationKind.INTERNATIONAL, ""),
    ("Demonstration Relief North", OrganisationKind.NGO, ""),
    ("Demonstration Solidarity South", OrganisationKind.NGO, ""),
    ("Demonstration Legal Clinic", OrganisationKind.NGO, "MA"),
    ("Demonstration Women's League", OrganisationKind.NGO, "MD"),
    ("Demonstration Children's Fund", OrganisationKind.NGO, "SN"),
    ("Demonstration Ministry of the Interior", OrganisationKind.MEMBER_STATE_BODY, ""),
    ("Demonstration Migration Board", OrganisationKind.MEMBER_STATE_BODY, ""),
    ("Demonstration Cooperation Agency", OrganisationKind.MEMBER_STATE_AGENCY, ""),
    ("Demonstration Institute for Migration Policy", OrganisationKind.ACADEMIC, ""),
    ("Demonstration Employment Agency", OrganisationKind.PARTNER_COUNTRY, "MD"),
    ("Demonstration Asylum Commission", OrganisationKind.PARTNER_COUNTRY, "GE"),
    ("Demonstration Office for Citizens Abroad", OrganisationKind.PARTNER_COUNTRY, "MA"),
)
# Partners that are known by name only.
UNLINKED_PARTNERS = (
    "Demonstration Association of Returnees",
    "Demonstration Chamber of Crafts",
    "Demonstration Town Council",
)
