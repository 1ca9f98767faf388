"""Searches for the best settings: `python -m core.sweeps --preset cnn-16-36 --vary learning_rate=0.0001..0.01:log`.

The dashboard starts it as well, with the folder of a sweep.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from core.cluster.keeper import queue_for
from core.config.network import read_setting
from core.errors import DigitLabError, InvalidSetting
from core.places import place
from core.queue.permissions import Access
from core.runs.command_options import add_run_options, chosen_beginning, refused
from core.runs.status import Status
from core.runs.store import RunStore
from core.server.limits import Settings
from core.sweeps.folder import SweepFolder, SweepStore, TrialRecord, best_trial
from core.sweeps.sweep import Sweep
from core.sweeps.variation import read_variation
from core.text import ENGLISH, say, speak
from core.text.terminal import command_parser

_PROG = "python -m core.sweeps"
_OPTIONS = ("objective", "second", "sampler", "pruner", "trials", "minutes", "seeds", "confirm", "sampler_seed")


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Run the command; returns 0 if the sweep is done, 1 if it failed or was interrupted, 2 for a wrong value."""
    options = _parser(prog, arguments).parse_args(arguments)
    if options.drive:
        # started by a server, which words what the sweep's folder says
        speak(ENGLISH)
    try:
        if options.drive:
            folder = SweepFolder(options.drive)
            return _code(_drive(folder, RunStore(folder.path.parent.parent), bar=False))
        store = RunStore(options.runs_dir)
        folder = _resumed(store, options) if options.resume else _new(store, options)
        status = _drive(folder, store, bar=True)
        return _tell(folder, store, status)
    except (DigitLabError, OSError) as error:
        return refused(options, error)


def _parser(prog: str = _PROG, arguments: Sequence[str] | None = ()) -> argparse.ArgumentParser:
    parser = command_parser(prog, "sweeps.description", arguments)
    parser.add_argument("--drive", type=place, help=argparse.SUPPRESS)
    add_run_options(parser)
    parser.add_argument("--name", default="", help=say("sweeps.help.name"))
    parser.add_argument("--vary", action="append", default=[], metavar="NAME=VALUES", help=say("sweeps.help.vary"))
    for name in _OPTIONS:
        parser.add_argument(f"--{name.replace('_', '-')}", help=say(f"sweeps.help.{name}"))
    parser.add_argument("--resume", metavar="SWEEP", help=say("sweeps.help.resume"))
    return parser


def _new(store: RunStore, options: argparse.Namespace) -> SweepFolder:
    # imported late, so that a wrong value is refused at once
    from core.data.datasets import load

    beginning = chosen_beginning(options)
    varied = tuple(read_variation(text, beginning.config) for text in options.vary)
    chosen: dict[str, Any] = {name: value for name in _OPTIONS if (value := getattr(options, name)) is not None}
    origin = (beginning.origin.run, beginning.origin.epoch) if beginning.origin else None
    if chosen.get("second", "none") != "none":
        chosen.setdefault("sampler", "nsga2")
    sweep = Sweep(config=beginning.config, varied=varied, origin=origin, **chosen)
    if sweep.trainable.reason is not None:
        found = sweep.trainable
        print(
            say("sweeps.some_untrainable", failed=found.failed, tried=found.tried, example=found.reason),
            file=sys.stderr,
        )
    load(sweep.config.dataset)
    return SweepFolder.create(store, sweep, options.name)


def _resumed(store: RunStore, options: argparse.Namespace) -> SweepFolder:
    listed = SweepStore(store).find(place(options.resume).name)
    if listed.sweep is None or listed.is_active:
        raise DigitLabError(listed.problem or "sweeps.in_use", **({} if listed.problem else {"name": listed.name}))
    if options.trials is not None:
        listed.folder.extend(read_setting("sweep_trials", Sweep.rules["trials"], options.trials))
    if options.vary or options.preset or options.set:
        raise InvalidSetting("vary", "sweeps.resume_alone")
    listed.folder.files.control.take()
    listed.folder.files.change_status(state="queued", owner=None, message=None)
    return listed.folder


def _drive(folder: SweepFolder, store: RunStore, *, bar: bool) -> Status:
    # imported late, since Optuna is only needed now
    from core.sweeps.driver import Driver
    from core.sweeps.figures import draw_figures

    # Optuna warns of figures of trials that are alike; not around the drawing alone, since filters are of all threads
    warnings.simplefilter("ignore")
    settings = Settings.read()
    terms = folder.files.terms()
    if terms.visitor or terms.address:
        settings = settings.for_strangers()
    # the next process gets ready while a run trains
    queue = queue_for(store, settings, settling=0, ahead=True)
    access = Access.of(store, queue, settings, terms)
    try:
        if not bar:
            return Driver(folder, store, queue, access, draw=draw_figures).run()
        # imported late, since sweeps that a page started do not need it
        from tqdm import tqdm

        trials = folder.sweep().most_trials
        with tqdm(total=trials, unit="trial", file=sys.stderr) as progress:

            def show(records: Sequence[TrialRecord]) -> None:
                progress.n = min(trials, sum(each.state not in ("running", "untrainable") for each in records))
                best = best_trial(folder.sweep(), records)
                progress.set_postfix_str("" if best is None else say("sweeps.best", score=f"{best.scores[0]:.4g}"))

            def wait() -> None:
                progress.set_description(say("sweeps.waiting"))

            return Driver(folder, store, queue, access, draw=draw_figures, notify=show).run(wait)
    finally:
        queue.close()


def _tell(folder: SweepFolder, store: RunStore, status: Status) -> int:
    """Print how the sweep ended, its best settings, and as the last line the folder of the best run."""
    if status.message:
        print(say(status.message), file=sys.stderr)
    records = folder.trials()
    best = best_trial(folder.sweep(), records)
    if best is not None:
        sweep = folder.sweep()
        score = say(f"sweeps.score.{sweep.objective}", score=f"{best.scores[0]:.4g}")
        values = ", ".join(f"{name}={value}" for name, value in best.values.items())
        print(say("sweeps.result", number=best.number, values=values, score=score), file=sys.stderr)
        again = next((each for each in records if each.again and each.tests), None)
        if again is not None:
            print(
                say(
                    "sweeps.result_again",
                    count=len(again.tests),
                    score=say(f"sweeps.score.{sweep.objective}", score=f"{again.scores[0]:.4g}"),
                    test=f"{100 * sum(again.tests) / len(again.tests):.2f}",
                ),
                file=sys.stderr,
            )
        print(store.runs_dir / best.runs[0])
    else:
        print(folder.path)
    return _code(status)


def _code(status: Status) -> int:
    return 0 if status.state in ("finished", "stopped") else 1


if __name__ == "__main__":
    sys.exit(main())
