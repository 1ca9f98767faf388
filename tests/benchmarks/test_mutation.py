"""Faults are applied to a copy of the sources, and a test counts only if the fault is what makes it fail."""

import pytest

from benchmarks.mutation import NOT_CAUGHT, Fault, catches, read_faults, table
from benchmarks.nearest_tests import nearest_tests
from core.places import ROOT

PLUS = Fault("plus", "sums are differences", (("a + b", "a - b"),))
UNTESTED = Fault("untested", "products are quotients", (("a times b", ""), ("a * b", "a / b")))


@pytest.fixture
def tree(tmp_path):
    """A product of two functions, one of them tested, and a test that fails whatever they do."""
    files = {
        "core/sums.py": "def plus(a, b):\n    return a + b\n\n\ndef times(a, b):\n    return a * b\n",
        "core/report.py": "from core import sums\n",
        "pages/page.py": "",
        "pytest.ini": "[pytest]\npythonpath = .\nmarkers =\n    browser\n    alone\n    soak\n    mnist\n",
        "tests/core/test_a_broken_one.py": "from core import sums\n\n\ndef test_broken():\n    assert sums is None\n",
        "tests/core/test_other.py": "def test_other():\n    pass\n",
        "tests/core/test_report.py": "from core import report\n",
        "tests/core/test_sums.py": "from core.sums import plus\n\n\ndef test_plus():\n    assert plus(2, 1) == 3\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_fault_is_undone_afterwards(tree):
    source = tree / "core/sums.py"
    before = source.read_text(encoding="utf-8")
    with PLUS.applied(tree):
        assert source.read_text(encoding="utf-8") == before.replace("a + b", "a - b")
    assert source.read_text(encoding="utf-8") == before


def test_an_older_wording_is_found_too_but_no_text_that_is_not_unique(tree):
    assert UNTESTED.edit(tree) == (tree / "core/sums.py", "a * b", "a / b")
    for old in ("return a", "nowhere"):
        with pytest.raises(ValueError, match="exactly once"):
            Fault("unclear", "", ((old, ""),)).edit(tree)


def test_a_test_of_the_changed_file_comes_before_a_test_of_what_imports_it(tree):
    groups = nearest_tests(tree, tree / "core/sums.py")
    names = [[path.stem for path in group] for group in groups]
    assert names == [["test_sums"], ["test_a_broken_one"], ["test_report"], ["test_other"]]


@pytest.mark.slow  # the tests above show each part of it
def test_only_a_test_that_passes_without_the_fault_catches_it(tree, monkeypatch):
    # nine times pytest is started, and its plugins take longer than these tests
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    caught = catches([PLUS, UNTESTED], tree)
    assert caught == {"plus": "tests/core/test_sums.py::test_plus", "untested": NOT_CAUGHT}
    assert table([PLUS, UNTESTED], caught).splitlines()[-1] == "| **all** |  | 0 of 2 | 1 of 2 |"


def test_every_fault_has_one_place_in_the_product():
    faults = read_faults()
    assert len(faults) >= 30
    for fault in faults:
        path, old, new = fault.edit(ROOT)
        assert path.is_file()
        assert old != new
