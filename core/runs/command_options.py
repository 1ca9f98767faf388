"""The options of commands that train: which run, with which settings, in which folder."""

import argparse
import sys
from dataclasses import replace

from core.config.datasets import known_names
from core.config.presets import PRESETS, preset_for
from core.config.run import RunConfig
from core.errors import DataUnavailable, DigitLabError, reason_of
from core.places import place
from core.runs.beginning import Beginning, fork
from core.runs.entries import Run
from core.runs.store import RunStore, default_runs_dir
from core.text import say


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `chosen_beginning` reads, apart from `--name`."""
    parser.add_argument("--preset", help=", ".join(PRESETS))
    parser.add_argument("--dataset", help=", ".join(known_names()))
    parser.add_argument("--epochs")
    parser.add_argument("--seed")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=say("training.help_set"))
    parser.add_argument("--runs-dir", type=place, default=default_runs_dir(), help=say("training.help_runs_dir"))
    parser.add_argument("--from", dest="source", metavar="RUN", help=say("training.help_from"))
    parser.add_argument("--epoch", metavar="EPOCH", help=say("training.help_epoch"))


def chosen_beginning(options: argparse.Namespace) -> Beginning:
    """The run that the options ask for; raises DigitLabError, which says what is wrong."""
    if options.source is None:
        if options.epoch is not None:
            raise DigitLabError("training.epoch_alone")
        preset = options.preset or "mlp-512"
        # an unknown preset is refused like any other value
        base = preset_for(preset, options.dataset or "mnist") if preset in PRESETS else RunConfig(preset=preset)
        return Beginning(changed(base, options), options.name)
    if options.preset is not None:
        raise DigitLabError("training.preset_of_fork")
    folder = RunStore(options.runs_dir).folder(options.source)
    run = Run(folder=folder, manifest=folder.manifest(), status=folder.status(), label=folder.label())
    found = fork(run, _epoch(run, options.epoch), changed(run.manifest.config, options))
    return replace(found, name=options.name)


def changed(config: RunConfig, options: argparse.Namespace) -> RunConfig:
    """The settings with those changed that the options name."""
    changes = {name: getattr(options, name) for name in ("dataset", "epochs", "seed")}
    changes = {name: value for name, value in changes.items() if value is not None}
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals:
            raise DigitLabError("training.not_a_setting", text=text[:60])
        changes[name] = value
    return config.replace(**changes)


def refused(options: argparse.Namespace, error: DigitLabError | OSError) -> int:
    """Print why a command with these options cannot go on; its exit code: 1 without the data, 2 for a wrong value."""
    if isinstance(error, DigitLabError):
        print(say(error.message), file=sys.stderr)
        return 1 if isinstance(error, DataUnavailable) else 2
    print(say("runs.runs_dir_unwritable", folder=options.runs_dir, reason=reason_of(error)), file=sys.stderr)
    return 2


def _epoch(run: Run, text: str | None) -> int:
    if text in (None, "last"):
        return run.status.epoch
    if text == "best":
        return run.status.best_epoch or run.status.epoch
    if text is None or not text.isdecimal() or len(text) > 4:
        raise DigitLabError("training.bad_epoch", text=str(text)[:60])
    return int(text)
