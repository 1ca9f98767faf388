"""Makes a run of one training in a person's own program, as it goes."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from core.array_types import Floats
from core.config.network import PARAMETER_LIMIT, OtherNetwork
from core.models.input_forms import kind_of_outputs
from core.runs.curves import Row, best_epoch, csv_line
from core.runs.folder import BATCH_COLUMNS, EPOCH_COLUMNS, RunFolder
from core.runs.model_file import log_probabilities
from core.runs.owner import Owner
from core.runs.predictions import read_answers, write_answers
from core.runs.reporter import Reporter
from core.runs.status import Status
from core.runs.store import RunStore
from core.text import Message, say
from core.watching.answering import Answering
from core.watching.facts import MOST_EPOCHS, Facts, Subject, subject
from core.watching.told import Told

_NO_NUMBER = math.nan


class Training:
    """One training: reads what the program tells, writes the run, and passes on what pages ask."""

    def __init__(self, source: Path, folder: RunFolder, facts: Facts, about: Subject, answering: Answering) -> None:
        self._source, self._told = source, Told(source)
        self._folder = folder
        self._facts, self._about = facts, about
        self._reporter = Reporter(folder)
        self._reporter.__enter__()
        self._rows: list[Row] = []
        self._steps = facts.steps
        self._window = (0, 0, 0.0, 0.0)
        """Epoch and batches at the end of the last window, and sums of loss and accuracy over the epoch until then."""
        self._window_ended = facts.began
        self._waited = 0.0
        self._end: tuple[str, Message | None] | None = None
        self._answering = answering if about.is_list and answering.is_possible() else None
        if self._answering is None and about.has_images:
            self._told.ask_for("answers")
        if self._answering is None:
            self._told.ask_for("no_weights")
        self._told.ask_for("begun")
        self.ended = False

    @classmethod
    def begin(cls, source: Path, runs_dir: Path, script: str, answering: Answering) -> Self:
        """A new run for a training that the program has reported; raises DigitLabError or OSError."""
        facts = Facts.read(source, script)
        about = subject(facts, source)
        store = RunStore(runs_dir)
        # this process owns it from the start, else readers take it for interrupted
        status = Status(state="starting", owner=Owner.this(), learning_rate=facts.values["learning_rate"])

        def fill(folder: RunFolder) -> None:
            digest = {"dataset_digest": about.config.data.digest} if about.has_images else {}
            recorded = replace(
                folder.manifest(),
                created=facts.began,
                environment=facts.environment | digest,
            )
            folder.write_manifest(recorded)
            for path, columns in ((folder.epochs_csv, EPOCH_COLUMNS), (folder.batches_csv, BATCH_COLUMNS)):
                path.write_text(",".join(columns) + "\n", encoding="utf-8")

        with store.lock():
            name = _free_name(script, store)
            number = store.next_number()
            folder = RunFolder.create(
                runs_dir, about.config, status, name, number=number, recorded=facts.recorded, fill=fill
            )
        return cls(source, folder, facts, about, answering)

    def follow(self, *, lives: bool) -> None:
        """Read what is new; `lives` says whether the program could still have written it. Raises OSError."""
        for event in self._told.events():
            self._read(event)
        if self._end is None and not lives:
            self._end = "failed", Message("recording.died")
        if self._end is not None:
            self._finish()
            return
        self._told.pass_on(self._folder.control.take())

    def give_up(self, error: Exception) -> None:
        """End the run because it cannot be written any more."""
        self.ended = True
        try:
            if self._answering is not None:
                self._answering.drop(self._source)
            self._reporter.end("failed", Message("recording.not_written", kind=type(error).__name__))
        except OSError:
            # readers see that this process is gone
            return

    def _read(self, event: tuple[str, float, list[Any]]) -> None:
        kind, when, values = event
        match kind:
            case "batches":
                self._batches(when, *values)
            case "epoch":
                self._epoch(*values)
            case "paused":
                self._reporter.change(state="paused", images_per_second=0.0)
            case "resumed":
                self._waited += values[0]
                self._window_ended += values[0]
                self._reporter.change(state="training")
            case "rate":
                self._reporter.change(learning_rate=values[0], rate_by_hand=values[0])
            case "ended":
                self._end = self._how_it_ended(stopped=values[0])
            case "keyboard":
                self._end = "interrupted", Message("recording.keyboard")
            case "failed":
                self._end = "failed", Message("recording.failed", kind=values[0], text=values[1])
            case "lost":
                self._end = "failed", Message("recording.not_told", kind=values[0])

    def _batches(
        self, when: float, epoch: int, batches: int, loss: float | None, share: float | None, rate: Any
    ) -> None:
        """Add a window; Keras's figures are means since the start of the epoch."""
        if epoch > MOST_EPOCHS:
            return
        batches = min(batches, self._steps) if self._steps else batches
        before = self._window if self._window[0] == epoch else (epoch, 0, 0.0, 0.0)
        images = self._images(batches)
        new = images - self._images(before[1])
        if new <= 0:
            return
        sums = [_NO_NUMBER if value is None else value * images for value in (loss, share)]
        means = [max(0.0, (total - earlier) / new) for total, earlier in zip(sums, before[2:], strict=True)]
        # max keeps no NaN
        means = [mean if math.isfinite(total) else total for mean, total in zip(means, sums, strict=True)]
        speed = new / max(when - self._window_ended, 1e-3)
        self._window, self._window_ended = (epoch, batches, *sums), when  # type: ignore[assignment] # two sums
        _append(self._folder.batches_csv, (epoch, batches, *means, speed, _NO_NUMBER if rate is None else rate))
        changes: dict[str, Any] = {}
        if loss is not None and not math.isfinite(loss) and self._reporter.status.exploded is None:
            changes["exploded"] = epoch - 1 + batches / max(self._steps or batches, 1)
        done = epoch - 1 + batches / max(self._steps or 2 * batches, 1)
        seconds = self._seconds(when)
        self._reporter.change(
            state="training",
            epoch=epoch - 1,
            batch=batches,
            images_per_second=speed,
            seconds=seconds,
            seconds_left=max(0.0, (self._about.config.epochs - done) * seconds / done) if done > 0.1 else None,
            learning_rate=rate,
            **changes,
        )

    def _epoch(
        self, epoch: int, figures: Mapping[str, float], rate: float | None, seconds: float, parameters: int
    ) -> None:
        if epoch > MOST_EPOCHS:
            return
        if self._steps is None or not self._about.config.parameters:
            self._complete(min(parameters, PARAMETER_LIMIT))
        named = {
            "epoch": epoch,
            "loss": figures.get("loss"),
            "accuracy": _first(figures, lambda name: "acc" in name and not name.startswith("val_")),
            "val_loss": figures.get("val_loss"),
            "val_accuracy": _first(figures, lambda name: "acc" in name and name.startswith("val_")),
            "learning_rate": rate,
            "seconds": seconds,
        }
        # as the CSV has it, so that the best epoch is the same when it is read again
        found = [named[name] for name in EPOCH_COLUMNS]
        row = tuple(_NO_NUMBER if value is None else float(f"{value:.7g}") for value in found)
        self._keep_answers(epoch)
        self._rows.append(row)
        _append(self._folder.epochs_csv, row)
        best, spent = best_epoch(self._rows), self._seconds(time.time())
        self._reporter.change(
            state="training", epoch=epoch, batch=0, seconds=spent, best_epoch=best, learning_rate=rate
        )
        if self._answering is not None:
            self._answering.ask(self._source, self._folder)

    def _keep_answers(self, epoch: int) -> None:
        """Keep the answers that the program itself has computed."""
        outputs = self._told.answers(epoch)
        config, labels = self._about.config, self._about.labels
        if outputs is None or labels is None:
            return
        logs = log_probabilities(outputs, kind_of_outputs(outputs))
        if logs.shape == (len(labels), len(config.data.classes)):
            write_answers(self._folder, epoch, {"test": logs}, {"test": labels})

    def _complete(self, parameters: int) -> None:
        """Write what only the end of the first epoch has shown: how many images it has, how large the network is."""
        manifest, config = self._folder.manifest(), self._about.config
        data = config.data
        if self._steps is None:
            self._steps = max(self._window[1], 1)
            data = replace(data, training=self._facts.batch_size * self._steps)
        network = OtherNetwork(parameters) if isinstance(config.network, OtherNetwork) else config.network
        config = config.replace(data=data, network=network)
        self._about = replace(self._about, config=config)
        self._folder.write_manifest(replace(manifest, config=config))

    def _how_it_ended(self, *, stopped: bool) -> tuple[str, Message | None]:
        epoch = len(self._rows)
        if stopped:
            return "stopped", Message("recording.stopped", epoch=epoch)
        early = epoch < self._about.config.epochs
        return "finished", Message("recording.early", epoch=epoch) if early else None

    def _finish(self) -> None:
        """Write the end, once the answers of all epochs are there."""
        assert self._end is not None
        state, message = self._end
        best = best_epoch(self._rows)
        if self._answering is not None:
            self._answering.finish(self._source, best)
        if self._answering is not None and not self._answering.is_done(self._source):
            if self._reporter.status.state != "evaluating":
                self._reporter.change(state="evaluating", seconds_left=None)
            return
        self.ended = True
        tested = {**self._tested(best, ""), **self._tested(len(self._rows), "last_")}
        self._reporter.end(state, message, **tested)

    def _tested(self, epoch: int | None, prefix: str) -> dict[str, float]:
        """Loss and accuracy of an epoch's answers on the held-out images."""
        if not self._about.has_images or not epoch or not self._folder.predictions(epoch).is_file():
            return {}
        found = read_answers(self._folder, self._about.config, epoch, "test")
        logs: Floats = found.log_probabilities
        loss = -float(logs[range(len(logs)), found.labels].mean())
        right = float((logs.argmax(axis=1) == found.labels).mean())
        return {f"{prefix}test_loss": max(loss, 0.0), f"{prefix}test_accuracy": right}

    def _images(self, batches: int) -> int:
        known = self._facts.training_images if self._facts.steps else math.inf
        return int(min(batches * self._facts.batch_size, known))

    def _seconds(self, now: float) -> float:
        return max(0.0, now - self._facts.began - self._waited)


def _first(figures: Mapping[str, float], suits: Callable[[str], bool]) -> float | None:
    return next((value for name, value in figures.items() if suits(name)), None)


def _free_name(script: str, store: RunStore) -> str:
    taken = {name for run in store.entries() for name in (run.name, run.first_name)}
    names = (say("recording.run_name", script=script, number=number) for number in range(2, 10_000))
    return script if script not in taken else next(name for name in names if name not in taken)


def _append(path: Path, row: Row) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(csv_line(row))
