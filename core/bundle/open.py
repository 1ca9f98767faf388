"""Opens a run from a file that a stranger may have made; it joins the others only after every check passed."""

import contextlib
import errno
import json
import logging
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.bundle.build import build_network
from core.bundle.check import inspect
from core.bundle.format import BROUGHT, MADE_HERE, MOST_BYTES
from core.bundle.unpack import MOST_UNPACKED, unpack
from core.config.network import OtherNetwork
from core.errors import DigitLabError, reason_of
from core.models.sandbox import try_out
from core.runs.folder import RunFolder
from core.text import Message

_DRAFT = ".opening-"
OPENED = "opened.json"
_STALE_SECONDS = 3_600.0
_log = logging.getLogger(__name__)
# each may take the disk space of a large run, and half a gigabyte in another process
one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Opened:
    """The id of the run that a file became, and whether it existed already."""

    run_id: str
    known: bool


def open_bundle(
    file: IO[bytes],
    runs_dir: Path,
    *,
    sign: Callable[[RunFolder], None] | None = None,
    most_bytes: int = MOST_BYTES,
    trial: Callable[[RunFolder], None] = try_out,
    build: Callable[[RunFolder], None] = build_network,
) -> Opened:
    """The run in a file that `write_bundle` wrote, read-only among the runs; the same file gives the same run.

    It appears complete or not at all: `trial` opens its weights, `build` makes its network from its config, and `sign`
    may record its owner in its folder. Raises only DigitLabError, which names the problem in one sentence.
    """
    with one_at_a_time, refusals(), draft_folder(runs_dir) as draft:
        digest = unpack(file, draft, most_bytes=most_bytes)
        for name in MADE_HERE:
            # never read: a stranger wrote them
            (draft / name).unlink(missing_ok=True)
        folder = RunFolder(draft)
        manifest = inspect(folder)
        target = runs_dir / f"{manifest.config.preset}-{digest[:20]}"
        if target.is_dir():
            return Opened(target.name, known=True)
        is_other = isinstance(manifest.config.network, OtherNetwork)
        if not is_other or not manifest.has_network:
            (draft / BROUGHT).unlink(missing_ok=True)
        trial(folder)
        if not is_other:
            build(folder)
        return join_runs(folder, target, sign)


def join_runs(draft: RunFolder, target: Path, sign: Callable[[RunFolder], None] | None) -> Opened:
    """Let a checked draft appear among the runs as `target`; raises OSError."""
    (draft.path / OPENED).write_text(json.dumps({"opened": time.time()}), encoding="utf-8")
    if sign is not None:
        sign(draft)
    try:
        draft.path.rename(target)
    except OSError:
        # another server on the same folder was faster
        if not target.is_dir():
            raise
    return Opened(target.name, known=False)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn any error into a DigitLabError that a visitor understands."""
    try:
        yield
    except DigitLabError as error:
        raise DigitLabError("bundles.refused", reason=error.message) from None
    except OSError as error:
        reason = Message("bundles.no_room", reason=reason_of(error))
        raise DigitLabError("bundles.refused", reason=reason) from None
    except Exception:
        # the readers name what is wrong; any other error is our bug, whose details do not help a visitor
        _log.warning("a bundle could not be checked", exc_info=True)
        raise DigitLabError("bundles.refused", reason=Message("bundles.no_run")) from None


@contextlib.contextmanager
def draft_folder(runs_dir: Path) -> Iterator[Path]:
    """A folder for the run while it is checked; also removes those of servers that ended meanwhile."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    for left in runs_dir.glob(f"{_DRAFT}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(runs_dir).free < 2 * MOST_UNPACKED:
        raise OSError(errno.ENOSPC, "")
    draft = runs_dir / f"{_DRAFT}{secrets.token_hex(6)}"
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
