"""How often the verdict on a run is right: `python -m benchmarks.verdict [--histories FILE]`."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields

from benchmarks.bars import markdown
from benchmarks.histories import KINDS, SEEDS, History, read, train, write
from benchmarks.machine import machine
from benchmarks.measurement import write_between_marks
from core.analysis.verdict import judge
from core.config.datasets import BUILT_IN
from core.places import place

FOUND, FALSE = 0.95, 0.02
"""Required on the held-out half: minimum share of faults found, maximum share of false alarms."""

VERDICTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "healthy": (frozenset({"improving", "level"}), frozenset({"healthy"})),
    "overfitting": (frozenset({"overfitting", "widening"}), frozenset({"overfits early", "overfits late"})),
    "rate too high": (frozenset({"rate_too_high"}), frozenset({"rate too high"})),
    "rate too low": (frozenset({"rate_too_low"}), frozenset({"rate too low"})),
    "diverging": (frozenset({"diverging"}), frozenset({"diverges"})),
    "dead": (frozenset({"dead"}), frozenset({"dead"})),
    "noisy": (frozenset({"noisy", "noisy_validation"}), frozenset({"noisy"})),
}
"""Each verdict: the kinds that `judge` returns for it, and the kinds of histories to which it applies."""

_CLASSES = len(BUILT_IN["mnist-5k"].classes)
_HEAD = ("Verdict", "Tuned on: found", "False alarms", "Held out: found", "False alarms", "Bar")


@dataclass(frozen=True, slots=True)
class Score:
    """A verdict's results on some histories: `found` of `ill`, and `false` alarms on `others`."""

    found: int
    ill: int
    false: int
    others: int

    @property
    def ok(self) -> bool:
        """Whether both requirements are met."""
        return self.found >= FOUND * self.ill and self.false <= FALSE * self.others

    def cells(self) -> tuple[str, str]:
        """The cells of the table."""
        return _share(self.found, self.ill), _share(self.false, self.others)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command."""
    options = _parser().parse_args(arguments)
    began = time.monotonic()
    histories = read(options.histories) if options.histories else _trained(options.only, options.seeds)
    if options.keep:
        write(options.keep, histories)
    minutes = f"trained in {(time.monotonic() - began) / 60:.0f} minutes"
    made = f"read from {options.histories.name}" if options.histories else minutes
    about = f"{len(histories)} histories on mnist-5k, {made}, {time.strftime('%Y-%m-%d')}.\n{machine()}."
    wrong = [f"{history.kind}, seed {history.seed}: {verdict(history)}" for history in histories if missed(history)]
    print("\n".join([report(histories), "", about, *wrong]))
    if options.write:
        write_between_marks(options.write, f"{report(histories)}\n\n{about}", "verdict")
    return 0


def verdict(history: History) -> str:
    """The kind of verdict on a history."""
    return judge(history.loss, history.val_loss, learning_rate=history.learning_rate, classes=_CLASSES).kind


def missed(history: History) -> bool:
    """Whether the verdict differs from the one expected for this kind of history."""
    right = next(verdicts for verdicts, kinds in VERDICTS.values() if history.kind in kinds)
    return verdict(history) not in right


def score(name: str, histories: Sequence[History]) -> Score:
    """The results of this verdict on these histories."""
    verdicts, kinds = VERDICTS[name]
    given = [(history.kind in kinds, verdict(history) in verdicts) for history in histories]
    ill = sum(is_ill for is_ill, _ in given)
    return Score(given.count((True, True)), ill, given.count((False, True)), len(given) - ill)


def total(histories: Sequence[History]) -> Score:
    """The results of all verdicts together on these histories."""
    scores = [score(name, histories) for name in VERDICTS]
    return Score(*(sum(getattr(one, field.name) for one in scores) for field in fields(Score)))


def report(histories: Sequence[History]) -> str:
    """Detection and false alarms of every verdict on both halves, as a Markdown table."""
    halves = [[history for history in histories if history.held_out == held_out] for held_out in (False, True)]
    rows: list[tuple[str, ...]] = [_HEAD]
    for name in VERDICTS:
        rows.append(_row(name, *(score(name, half) for half in halves)))
    rows.append(_row("all", *map(total, halves)))
    return markdown(rows)


def _row(name: str, tuned: Score, held_out: Score) -> tuple[str, ...]:
    return name, *tuned.cells(), *held_out.cells(), "ok" if held_out.ok else "missed"


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdict", description=__doc__)
    parser.add_argument("--histories", type=place, metavar="FILE", help="judge those of this CSV, else trained ones")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seeds", type=int, default=SEEDS, metavar="N", help="histories of each kind, %(default)s")
    parser.add_argument("--keep", type=place, metavar="FILE", help="write the histories to this CSV")
    parser.add_argument("--write", type=place, metavar="FILE", help="put the table between this document's marks")
    return parser


def _trained(kinds: Sequence[str], seeds: int) -> list[History]:
    histories = []
    for kind in kinds:
        for seed in range(1, seeds + 1):
            histories.append(train(kind, seed))
            print(f"{kind}, seed {seed}: {verdict(histories[-1])}", file=sys.stderr, flush=True)
    return histories


if __name__ == "__main__":
    sys.exit(main())
