"""An officer gives a programme a strand of its own."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Measure, Strand
from tests.factories.programmes import StrandFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, begun, completed

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/strands/add/"
GIVEN = {"code": "LEGAL", "number": "2", "title": "Legal pathways"}


def test_it_has_its_measures_in_order(officer, as_person):
    begun(officer)
    response = as_person(officer).post(URL, GIVEN | {"measures": "First\r\n\r\n  Second  "})
    assert response["Location"] == f"/programmes/{CODE}/strands/"
    strand = Strand.objects.get()
    assert [each.code for each in strand.programmes.all()] == [CODE]
    assert list(Measure.objects.values_list("code", "order", "text")) == [
        ("LEGAL-1", 1, "First"),
        ("LEGAL-2", 2, "Second"),
    ]
    entry = Entry.objects.get(verb="add_strand")
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("strand", "LEGAL", CODE)
    assert entry.new["measures"] == ["First", "Second"]


def test_only_officers_may(officer, auditor, official, visitor, as_person):
    begun(officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 404
    assert visitor.post(URL, GIVEN).status_code == 302
    assert Strand.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "MIGDEV"}, "Strand with this Code already exists."),
        ({"code": "legal"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"number": "1"}, "“Legal pathways” has this number in the programme."),
        ({"number": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, officer, as_person):
    StrandFactory()
    completed(officer)
    before = Strand.objects.count()
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert Strand.objects.count() == before


def test_twice_is_told(officer, as_person):
    begun(officer)
    client = as_person(officer)
    assert client.post(URL, GIVEN).status_code == 302
    assert client.post(URL, GIVEN | {"number": "3"}).status_code == 400
    assert Strand.objects.count() == 1
