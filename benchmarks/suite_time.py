"""Where the time of the tests goes: `python -m benchmarks.suite_time REPORT ...`, of `pytest --junitxml=REPORT`."""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.machine import machine
from benchmarks.measurement import write_between_marks
from core.places import place

LAYERS = {
    "tests.core.training": "training, with TensorFlow",
    "tests.core": "core",
    "tests.digit_lab": "core",
    "tests.pages": "pages",
    "tests.faults": "faults",
    "tests.e2e": "browsers",
    "tests.load": "many visitors",
    "tests.test_shipped_runs": "shipped runs",
    "tests.benchmarks": "benchmarks and research",
    "tests.research": "benchmarks and research",
    "tests": "rules over sources and documents",
}
"""By the beginning of a test's module name; the first that fits counts."""


def read_seconds(reports: Iterable[Path]) -> dict[str, list[float]]:
    """By module, the seconds of each of its tests, fixtures included; raises OSError, ElementTree.ParseError."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for report in reports:
        for case in ElementTree.parse(report).iter("testcase"):
            if case.find("skipped") is None:
                seconds[case.get("classname", "")].append(float(case.get("time", 0)))
    return dict(seconds)


def table(seconds: Mapping[str, Sequence[float]]) -> str:
    """A row for each layer, as Markdown: tests, seconds, share of all, and its slowest file."""
    tests: Counter[str] = Counter()
    times: dict[str, float] = defaultdict(float)
    slowest: dict[str, str] = {}
    for module in sorted(seconds, key=lambda name: sum(seconds[name])):
        layer = next((name for start, name in LAYERS.items() if f"{module}.".startswith(f"{start}.")), "others")
        tests[layer] += len(seconds[module])
        times[layer] += sum(seconds[module])
        slowest[layer] = f"`{module.replace('.', '/')}.py` ({sum(seconds[module]):.0f} s)"
    whole = sum(times.values())
    rows = [
        f"| {layer} | {tests[layer]} | {spent:.0f} | {100 * spent / whole:.0f} % | {slowest[layer]} |"
        for layer, spent in sorted(times.items(), key=lambda each: -each[1])
    ]
    head = "| Layer | Tests | Seconds | Share | Slowest file |\n|---|---|---|---|---|"
    return "\n".join([head, *rows, f"| all | {tests.total()} | {whole:.0f} | | |"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.suite_time", description=__doc__)
    parser.add_argument("reports", nargs="+", type=place, metavar="REPORT", help="of all parts of the suite")
    parser.add_argument("--write", type=place, metavar="FILE", help="put the table between the marks of this document")
    options = parser.parse_args(arguments)
    day = ElementTree.parse(options.reports[0]).find(".//testsuite[@timestamp]")
    about = (
        f"Seconds of all processes together, {day.get('timestamp', '')[:10] if day is not None else ''}.\n{machine()}."
    )
    text = f"{table(read_seconds(options.reports))}\n\n{about}"
    print(text)
    if options.write:
        write_between_marks(options.write, text, "time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
