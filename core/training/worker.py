"""Trains one run, from its folder's config to the best epoch's model, or to a message that says why not."""

import contextlib
import errno
import gc
import importlib
import os
import platform
import re
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil

from core.config.datasets import dataset_title
from core.data.datasets import Dataset, load, split
from core.environment import cores
from core.errors import DigitLabError
from core.runs.beginning import began
from core.runs.cross_validation import CrossValidation, is_job
from core.runs.folder import RunFolder
from core.runs.owner import memory_share
from core.runs.reporter import Reporter
from core.runs.status import Status, says_out_of_memory
from core.text import Message

if TYPE_CHECKING:
    from core.training.prepared import Prepared

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
_RESERVE, _RESERVE_BYTES = ".reserve", 64 * 1024
_NEAR_LIMIT = 0.8
"""Above this share of the memory limit, an unexpected error most likely means that memory ran out."""


def run(
    folder: RunFolder, *, notify: Callable[[Status], None] | None = None, ahead: "Prepared | None" = None
) -> Status:
    """Train or resume the run in this folder; returns its final status and never raises for a failure.

    `ahead` is used if it was prepared for such a run.
    """
    with Reporter(folder, notify=notify) as reporter:
        try:
            reporter.change(state="starting", message=None, seconds_left=None, exploded=None)
            _sweep(folder)
            # reserves room for the final status, in case the disk fills up
            (folder.path / _RESERVE).write_bytes(os.urandom(_RESERVE_BYTES))
            _train(folder, reporter, ahead)
        except KeyboardInterrupt:
            reporter.end("interrupted", Message("training.keyboard"))
        except Exception as error:
            if not isinstance(error, DigitLabError):
                traceback.print_exc()
            elif notify is None:
                # otherwise the caller prints it
                print(error, file=sys.stderr)
            _release(folder)
            # if even this cannot be written, readers see that the process is gone
            with contextlib.suppress(OSError):
                reporter.end("failed", _message(error))
        finally:
            _release(folder)
        return reporter.status


def prepare() -> None:
    """Import TensorFlow and Keras, which takes most of the time between Start and the first batch."""
    with quick_imports():
        importlib.import_module("core.training.fit")


@contextlib.contextmanager
def quick_imports() -> Iterator[None]:
    """Import within it TensorFlow and Keras, without what they do not need here."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Keras imports these if installed, which takes 1.5 s for nothing, and pyarrow with TensorFlow hangs on Macs
    for module in ("pyarrow", "pandas", "scipy", "sklearn", "matplotlib", "IPython"):
        sys.modules.setdefault(module, None)  # type: ignore[arg-type] # None makes Python refuse the import
    # collecting garbage again and again during the imports takes a fifth of their time
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    gc.freeze()


def _train(folder: RunFolder, reporter: Reporter, ahead: "Prepared | None") -> None:
    manifest = folder.manifest()
    config = manifest.config
    if manifest.origin:
        print(began(manifest.origin), file=sys.stderr)
    data = load(config.dataset)
    if data.description.image_shape != config.data.image_shape or data.digest != manifest.data_digest:
        raise DigitLabError("training.other_data", name=dataset_title(config.dataset))
    prepare()
    # a heartbeat that includes the memory TensorFlow takes
    reporter.change()
    from core.training.evaluation import HeldOut
    from core.training.fit import fit
    from core.training.precision import choose_precision

    if any(request.command == "stop" for request in folder.control.take()):
        reporter.end("stopped", Message("training.stopped_early_on"))
        return
    precision = choose_precision(config.precision)
    folder.write_manifest(replace(manifest, environment=_environment(data, precision)))
    parts = split(data, config.validation)
    if is_job(folder):
        # imported late, since it imports Keras
        from core.training.cross_validation import cross_validate

        images, labels = parts.train_images, parts.train_labels
        job = CrossValidation.of(folder)
        cross_validate(folder, reporter, job, config, images=images, labels=labels, precision=precision)
        return
    outcome = fit(
        config,
        folder,
        reporter,
        images=parts.train_images,
        labels=parts.train_labels,
        held_out=HeldOut.of(data, parts, config.validation),
        precision=precision,
        ahead=ahead,
    )
    _keep_best(folder, reporter, outcome, data)


def _sweep(folder: RunFolder) -> None:
    """Remove drafts left by killed processes."""
    for place in (folder.path, folder.path / "checkpoints", folder.path / "predictions"):
        for draft in place.glob(".*"):
            writer = re.match(r"\.(\d+)-", draft.name)
            if draft.name.startswith(".saved-model-"):
                shutil.rmtree(draft, ignore_errors=True)
            elif writer and not psutil.pid_exists(int(writer[1])):
                draft.unlink(missing_ok=True)


def _release(folder: RunFolder) -> None:
    with contextlib.suppress(OSError):
        (folder.path / _RESERVE).unlink(missing_ok=True)


def _keep_best(folder: RunFolder, reporter: Reporter, outcome: Any, data: Dataset) -> None:
    from core.training.evaluation import score
    from core.training.export import write_model

    reporter.change(state="evaluating", seconds_left=None)
    last = reporter.status.epoch
    best = reporter.status.best_epoch or last
    scores = dict(outcome.test_scores)
    network, config = outcome.evaluator.network, folder.manifest().config
    # of epochs from before the run was resumed
    for epoch in {last, best} - scores.keys():
        network.load_weights(folder.weights(epoch))
        answers = outcome.evaluator.log_probabilities(data.test_images)
        scores[epoch] = score(config, answers, data.test_labels, outcome.evaluator.penalty())
    # shown while the model is being written
    reporter.change(
        test_loss=scores[best].loss,
        test_accuracy=scores[best].accuracy,
        last_test_loss=scores[last].loss,
        last_test_accuracy=scores[last].accuracy,
    )
    network.load_weights(folder.weights(best))
    write_model(folder, network)
    state, message = "finished", None
    if outcome.stopped:
        state, message = "stopped", Message("training.stopped", epoch=last)
    elif outcome.early:
        message = Message("training.stopped_early", epoch=last)
    # before the final status, so that an ended run's folder has no other files
    _release(folder)
    reporter.end(state, message)


def _message(error: BaseException) -> Message:
    if isinstance(error, DigitLabError):
        return error.message
    text = str(error)
    if isinstance(error, MemoryError) or says_out_of_memory(f"{type(error).__name__}: {text}"):
        return Message("training.out_of_memory")
    # HDF5's errors have the number only in their text
    full = isinstance(error, OSError) and (
        error.errno in _DISK_FULL or any(f"errno = {number}" in text for number in _DISK_FULL)
    )
    if full:
        return Message("training.disk_full")
    # running out of memory can cause any error: an import once raised "error return without exception set"
    tight = memory_share() > _NEAR_LIMIT
    return Message("faults.memory_limit") if tight else Message("training.unexpected", kind=type(error).__name__)


def _environment(data: Dataset, precision: str) -> dict[str, Any]:
    import keras
    import tensorflow as tf

    from core.training.precision import processor_name

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "system": platform.system(),
        "processor": processor_name(),
        "cores": os.cpu_count(),
        # empty or 0 where TensorFlow chooses, which takes all
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0) or cores(),
        "gpus": len(tf.config.list_physical_devices("GPU")),
        "precision": precision,
        "dataset_digest": data.digest,
        "dataset_source": str(data.source),
        "dataset_source_said": data.source.to_json(),
    }
