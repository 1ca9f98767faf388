"""Trains without a browser: `python -m core.training --preset cnn-16-36 --epochs 2`.

The dashboard starts it as well, with the folder of a queued run.
"""

import argparse
import contextlib
import faulthandler
import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from core import child_process
from core.config.rules import Whole
from core.config.run import RunConfig
from core.errors import Advice, DigitLabError
from core.places import place
from core.runs.command_options import add_run_options, chosen_beginning, refused
from core.runs.folder import RunFolder
from core.runs.owner import Owner
from core.runs.status import ACTIVE, RESUMABLE, Status
from core.runs.store import RunStore
from core.text import ENGLISH, Message, say, speak
from core.text.terminal import command_parser

if TYPE_CHECKING:
    from core.training.prepared import Prepared

_PROG = "python -m core.training"


def main(arguments: Sequence[str] | None = None, prog: str = _PROG) -> int:
    """Run the command; returns 0 if the run finished or was stopped, 1 if it failed, 2 for a wrong value."""
    options = _parser(prog, arguments).parse_args(arguments)
    if options.wait or options.folder:
        # started by a server, which words what the run's folder says
        speak(ENGLISH)
    try:
        if options.wait:
            return _wait()
        if options.folder:
            if options.tied:
                _end_with_parent()
            return _handed_over(RunFolder(options.folder))
        if options.seeds:
            return _train_seeds(options, sys.argv[1:] if arguments is None else arguments)
        folder = _resumed(options.resume) if options.resume else _new(options)
    except (DigitLabError, OSError) as error:
        return refused(options, error)
    code = _train(folder, bar=True)
    print(folder.path)
    return code


def _parser(prog: str = _PROG, arguments: Sequence[str] | None = ()) -> argparse.ArgumentParser:
    parser = command_parser(prog, "training.description", arguments)
    parser.add_argument("folder", nargs="?", type=place, help=argparse.SUPPRESS)
    parser.add_argument("--wait", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--tied", action="store_true", help=argparse.SUPPRESS)
    add_run_options(parser)
    parser.add_argument("--seeds", metavar="N", help=say("training.help_seeds"))
    parser.add_argument("--name", default="", help=say("training.help_name"))
    parser.add_argument("--resume", type=place, metavar="FOLDER", help=say("training.help_resume"))
    return parser


def _wait() -> int:
    """Prepare, then train the run whose folder comes as a line on standard input; without a line, exit.

    Lines before it are the settings of the run that is expected, as JSON: what comes before its first batch is done
    ahead.
    """
    from core.training.worker import prepare

    lines = _lines()
    prepare()
    # after prepare, which blocks imports that Keras does not need
    from core.training.rehearsal import prepare_for, rehearse

    # with something to do already, that does once what a rehearsal would
    if lines.empty():
        rehearse()
        _collect()
    ahead = None
    while (line := lines.get()).startswith("{"):
        # first, so that two networks are not in memory together
        ahead = None
        _collect()
        # other settings count now, or a run which would wait for these
        if not lines.empty():
            continue
        # the run itself will say what is wrong
        with contextlib.suppress(Exception):
            ahead = prepare_for(RunConfig.from_json(json.loads(line)))
        if lines.empty():
            _collect()
        else:
            # a run has come, and collecting takes a quarter of a second
            gc.freeze()
    if not line:
        return 0
    folder = RunFolder(Path(line))
    log = os.open(folder.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for output in (1, 2):
        os.dup2(log, output)
    os.close(log)
    return _handed_over(folder, ahead)


def _lines() -> "SimpleQueue[str]":
    """The lines of standard input as they come, and an empty one at its end; none is read after a run's folder."""
    lines = SimpleQueue[str]()

    def read() -> None:
        line = "{"
        while line.startswith("{"):
            # in UTF-8 whatever the locale
            line = sys.stdin.buffer.readline().decode().removesuffix("\n")
            lines.put(line)

    threading.Thread(target=read, name="lines", daemon=True).start()
    return lines


def _collect() -> None:
    """Collect garbage now, and not what is left of it while a run trains."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    """End this process at once when its standard input closes, as it does when the process that started it dies."""

    def wait() -> None:
        # not sys.stdin, whose lock this thread would still hold at the end of the process
        while os.read(0, 1):
            pass
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _handed_over(folder: RunFolder, ahead: "Prepared | None" = None) -> int:
    """Train a run for the server that started this process, unless another process has taken it."""
    status = folder.status()
    owner = status.owner
    # a server may die before its worker takes the run over, and another server start another worker
    others = owner is not None and owner.lives() and owner.pid not in (os.getppid(), os.getpid())
    if others or status.state not in ("starting", "interrupted"):
        print(say("faults.not_mine", state=Message(f"runs.state.{status.state}")), file=sys.stderr)
        return 0
    print(Message("faults.log", pid=os.getpid()), flush=True)
    return _train(folder, bar=False, ahead=ahead)


def _new(options: argparse.Namespace) -> RunFolder:
    beginning = chosen_beginning(options)
    _check_digits(beginning.config)
    return beginning.create(RunStore(options.runs_dir), Status(state="starting", owner=Owner.this()))


def _train_seeds(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Train the run with several seeds, each in a process of its own; one that fails or is interrupted is the last."""
    try:
        seeds: int = Whole(1, 100).read(options.seeds)
    except Advice as error:
        raise DigitLabError("training.bad_seeds", text=options.seeds[:60], advice=error.message) from None
    config = chosen_beginning(options).config
    # the last one is checked before the first run is made
    for seed in [config.replace(seed=config.seed + number).seed for number in range(seeds)]:
        command = child_process.command("core.training", *arguments, "--seeds=", f"--set=seed={seed}")
        if code := subprocess.call(command, env=child_process.environment()):
            return code
    return 0


def _resumed(path: Path) -> RunFolder:
    folder = RunFolder(path)
    state = folder.status().state
    if state in ACTIVE or state not in RESUMABLE:
        raise DigitLabError("runs.not_resumable", id=folder.id, state=Message(f"runs.state.{state}"))
    manifest = folder.manifest()
    manifest.check_trained_here(manifest.name)
    _check_digits(manifest.config)
    folder.control.take()
    return folder


def _check_digits(config: RunConfig) -> None:
    """Download the data set if it is missing; raises DataUnavailable before a run is made or changed."""
    # imported late, so that a wrong value is refused at once
    from core.data.datasets import load

    load(config.dataset)


def _train(folder: RunFolder, *, bar: bool, ahead: "Prepared | None" = None) -> int:
    # so that a crash in native code leaves a traceback in the log
    faulthandler.enable()
    # imported late, so that a wrong value is refused at once
    from core.training.worker import run

    if not bar:
        return _code(run(folder, ahead=ahead))
    # imported late, since runs that a page started do not need it
    from tqdm import tqdm

    config = folder.manifest().config
    updates = config.updates_per_epoch
    with tqdm(total=config.epochs * updates, unit="batch", file=sys.stderr) as progress:

        def show(status: Status) -> None:
            progress.n = min(status.epoch * updates + status.batch, config.epochs * updates)
            progress.set_description(say(f"watch.state.{status.state}"), refresh=False)
            progress.set_postfix_str(say("watch.speed", speed=f"{status.images_per_second:,.0f}"))

        status = run(folder, notify=show)
    if status.message:
        print(say(status.message), file=sys.stderr)
    if status.test_accuracy is not None:
        print(
            say(
                "training.result",
                accuracy=f"{100 * status.test_accuracy:.2f}",
                loss=f"{status.test_loss:.4g}",
                epoch=status.best_epoch,
            ),
            file=sys.stderr,
        )
    return _code(status)


def _code(status: Status) -> int:
    return 0 if status.state in ("finished", "stopped") else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # taking TensorFlow apart would keep the next run waiting
    os._exit(code)
