"""Where the time of the tests goes, read from pytest's own report."""

from benchmarks.suite_time import main, read_seconds, table

REPORT = """<testsuites><testsuite timestamp="2026-11-28T10:00:00">
<testcase classname="tests.core.runs.test_store" name="test_a" time="1.5"/>
<testcase classname="tests.core.training.test_worker" name="test_b" time="6"/>
<testcase classname="tests.core.training.test_images" name="test_c" time="2"/>
<testcase classname="tests.test_docs" name="test_d" time="0.5"/>
<testcase classname="tests.load.test_soak" name="test_e" time="0.1"><skipped message="slow"/></testcase>
</testsuite></testsuites>"""


def test_seconds_by_layer_over_all_reports_are_put_into_the_document(tmp_path):
    report, document = tmp_path / "report.xml", tmp_path / "testing.md"
    report.write_text(REPORT, encoding="utf-8")
    rows = table(read_seconds([report, report]))
    assert rows.splitlines()[2:] == [
        "| training, with TensorFlow | 4 | 16 | 80 % | `tests/core/training/test_worker.py` (12 s) |",
        "| core | 2 | 3 | 15 % | `tests/core/runs/test_store.py` (3 s) |",
        "| rules over sources and documents | 2 | 1 | 5 % | `tests/test_docs.py` (1 s) |",
        "| all | 8 | 20 | | |",
    ]
    document.write_text("<!-- table time -->\nold\n<!-- end of table -->\n", encoding="utf-8")
    main([str(report), str(report), "--write", str(document)])
    assert f"{rows}\n\nSeconds of all processes together, 2026-11-28." in document.read_text(encoding="utf-8")
