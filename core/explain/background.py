"""Background work for pages: runs in one thread and caches the results."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class Background:
    """One worker thread that takes the newest task first and keeps the last `most` results."""

    def __init__(self, most: int = 96) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="inside")
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._asked: list[tuple[Future[Any], Callable[[], Any]]] = []

    def ask(self, key: Hashable, work: Callable[[], Any]) -> "Future[Any]":
        """A future of the result or the exception of `work`; the work for a key runs only once."""
        with self._lock:
            future = self._answers.get(key)
            if future is None:
                future = self._answers[key] = Future()
                self._asked.append((future, work))
                self._pool.submit(self._work_off)
            self._answers.move_to_end(key)
            if len(self._answers) > self._most and next(iter(self._answers.values())).done():
                self._answers.popitem(last=False)
            return future

    def _work_off(self) -> None:
        with self._lock:
            # newest first: after moving a slider, nobody waits for the positions passed on the way
            future, work = self._asked.pop()
        try:
            future.set_result(work())
        except BaseException as error:  # raised again by future.result()
            future.set_exception(error)
