"""Draws a sweep's figures in a thread, so that its driver meanwhile sees how runs end and what is asked of it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

_SHARE = 20
"""So many times as long as the figures took to draw, they stay as they are."""


class Drawing:
    """Has `draw` called in a thread, again and again, never twice at once."""

    def __init__(self, draw: Callable[[], None]) -> None:
        self._draw = draw
        self._done: Future[None] | None = None
        self._next = 0.0

    def renew(self) -> None:
        """Begin to draw, unless that is under way or took place lately; raises what `draw` raised the last time."""
        if self._done is not None:
            if not self._done.done():
                return
            self._done.result()
        if time.monotonic() >= self._next:
            self._begin()

    def finish(self) -> None:
        """Draw once more and wait for it; raises what `draw` raises."""
        if self._done is not None:
            self._done.result()
        self._begin().result()

    def _begin(self) -> Future[None]:
        self._done = done = Future[None]()
        # a daemon, so that a keyboard interrupt need not wait for it
        threading.Thread(target=self._work, args=(done,), name="figures", daemon=True).start()
        return done

    def _work(self, done: Future[None]) -> None:
        began = time.monotonic()
        try:
            self._draw()
        except BaseException as error:  # raised again by done.result()
            done.set_exception(error)
            return
        now = time.monotonic()
        # drawing takes processor time from the runs that train
        self._next = now + _SHARE * (now - began)
        done.set_result(None)
