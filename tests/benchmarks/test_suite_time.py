"""Where the time of the tests goes, read from pytest's own report."""

from benchmarks.suite_time import read_seconds, table

REPORT = """<testsuites><testsuite>
<testcase classname="tests.core.runs.test_store" name="test_a" time="1.5"/>
<testcase classname="tests.core.training.test_worker" name="test_b" time="6"/>
<testcase classname="tests.core.training.test_images" name="test_c" time="2"/>
<testcase classname="tests.test_docs" name="test_d" time="0.5"/>
<testcase classname="tests.load.test_soak" name="test_e" time="0.1"><skipped message="slow"/></testcase>
</testsuite></testsuites>"""


def test_seconds_are_summed_by_layer_over_all_reports(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert table(read_seconds([report, report])).splitlines()[2:] == [
        "| training, with TensorFlow | 4 | 16 | 80 % | `tests/core/training/test_worker.py` (12 s) |",
        "| core | 2 | 3 | 15 % | `tests/core/runs/test_store.py` (3 s) |",
        "| rules over sources and documents | 2 | 1 | 5 % | `tests/test_docs.py` (1 s) |",
        "| all | 8 | 20 | | |",
    ]
