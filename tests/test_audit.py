"""CI's verdict about the report of `pip-audit`."""

import importlib.util

import pytest

from core.places import ROOT

SPEC = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

CLEAN = {"name": "numpy", "version": "2.5.5", "vulns": []}
SKIPPED = {"name": "keras", "skip_reason": "Dependency not found on PyPI"}
HOLE = {"name": "pillow", "version": "13.0", "vulns": [{"id": "PYSEC-1"}, {"id": "PYSEC-2"}]}


@pytest.mark.parametrize(
    ("packages", "code", "line"),
    [
        ([CLEAN, SKIPPED], 0, "0 known holes in 1 packages"),
        ([CLEAN, HOLE], 1, "pillow 13.0: PYSEC-2"),
        ([SKIPPED], 0, "no service of known holes could be asked"),
        ([], 0, "no service of known holes could be asked"),
    ],
)
def test_a_vulnerability_fails_and_an_unreachable_service_does_not(capsys, packages, code, line):
    assert audit.verdict(packages) == code
    assert line in capsys.readouterr().out


def test_all_dependencies_of_the_requirements_are_checked():
    found = audit.installed(audit.names((ROOT / "requirements.txt").read_text().splitlines()))
    assert {"streamlit", "numpy", "jinja2", "markupsafe"} <= found.keys()
    assert "pytest" not in found
