"""Files that come with the portal are found in the source tree or among the gathered ones, nowhere else."""

import pytest
from django.conf import settings

from portal.bundled import bundled_file


def test_in_the_source_tree():
    assert bundled_file("css/pdf.css") == settings.BASE_DIR / "static/css/pdf.css"
    fonts = settings.BASE_DIR / "node_modules/dejavu-fonts-ttf/ttf"
    assert bundled_file("fonts/dejavu/DejaVuSans.ttf") == fonts / "DejaVuSans.ttf"


def test_among_the_gathered_files_where_there_is_no_source_tree(settings, tmp_path):
    settings.STATICFILES_DIRS = []
    settings.STATIC_ROOT = tmp_path
    gathered = tmp_path / "css" / "pdf.css"
    gathered.parent.mkdir()
    gathered.write_text("p {}")
    assert bundled_file("css/pdf.css") == gathered


@pytest.mark.parametrize(
    "name", ["", "css", "css/absent.css", "../manage.py", "/etc/passwd", "css/../../manage.py"]
)
def test_not_elsewhere(name):
    with pytest.raises(FileNotFoundError):
        bundled_file(name)
