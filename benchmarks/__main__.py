"""Run the benchmarks and print one table: `python -m benchmarks [--quick] [--only NAME ...]`."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.analysis import analysis
from benchmarks.at_once import at_once
from benchmarks.classes import classes
from benchmarks.click import click
from benchmarks.cluster import cluster
from benchmarks.crowd import crowd
from benchmarks.first_page import first_page
from benchmarks.first_text import first_text
from benchmarks.growth import growth
from benchmarks.languages import languages
from benchmarks.live import live
from benchmarks.machine import machine
from benchmarks.measurement import Measurement, table, write_between_marks
from benchmarks.parts import parts
from benchmarks.pasted import pasted
from benchmarks.quick import quick
from benchmarks.record import record
from benchmarks.setting import Setting, prepare
from benchmarks.start import start
from benchmarks.stillness import stillness
from benchmarks.sweeps import sweeps
from benchmarks.training import all_epochs, training
from benchmarks.view_clicks import view_clicks
from benchmarks.views import views
from core.places import place

BENCHMARKS: dict[str, Callable[[Setting], list[Measurement]]] = {
    "first-page": first_page,
    "click": click,
    "live": live,
    "stillness": stillness,
    "analysis": analysis,
    "classes": classes,
    "training": training,
    "crowd": crowd,
    "growth": growth,
}

WHEN_NAMED: dict[str, Callable[[Setting], list[Measurement]]] = {
    "all-epochs": all_epochs,
    "at-once": at_once,
    "cluster": cluster,
    "first-text": first_text,
    "languages": languages,
    "parts": parts,
    "pasted": pasted,
    "quick": quick,
    "record": record,
    "start": start,
    "sweeps": sweeps,
    "view-clicks": view_clicks,
    "views": views,
}
"""Benchmarks that take too long for the full run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if everything was measured, within limits or not, else 1."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    # set in containers; a person's machine keeps what it has compiled
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="digit-lab-benchmarks-", ignore_cleanup_errors=True) as folder:
        os.environ["DIGIT_LAB_RUNS"] = str(Path(folder) / "runs")
        setting = prepare(Path(folder), quick=options.quick)
        measured = {name: _measured(name, setting) for name in options.only or BENCHMARKS}
    plain = "the script in DIGIT_LAB_PLAIN_FIT" if os.environ.get("DIGIT_LAB_PLAIN_FIT") else "the run's Keras code"
    about = (
        f"{'Quick' if options.quick else 'Full'} run on {setting.dataset} of {time.strftime('%Y-%m-%d')}, "
        f"{(time.monotonic() - began) / 60:.0f} minutes; plain fit is {plain}.\n{machine()}."
    )
    measurements = [row for rows in measured.values() for row in rows]
    print(f"{table(measurements)}\n\n{about}")
    for name, rows in measured.items() if options.write else ():
        write_between_marks(options.write, f"{table(rows)}\n\n{about}", name)
    return 1 if any(row.ours is None for row in measurements) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer turns and epochs: under 4 minutes instead of 30")
    names = (*BENCHMARKS, *WHEN_NAMED)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--write", type=place, metavar="FILE", help="put the tables between the marks of this document, a part its own"
    )
    return parser


def _measured(name: str, setting: Setting) -> list[Measurement]:
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        return {**BENCHMARKS, **WHEN_NAMED}[name](setting)
    except Exception as error:
        # after a failure, the others can still be measured
        traceback.print_exc()
        return [Measurement(name=name, problem=str(error).partition("\n")[0])]
    finally:
        print(f"{(time.monotonic() - began) / 60:.1f} minutes", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
