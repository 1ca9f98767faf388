"""Sessions without a browser that open the Train page and request its ticks as Streamlit's client does."""

import asyncio
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from typing import Any

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

_PROTOCOLS = (Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN"))
_FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
_OPENING_SECONDS = 120
_LOOK_SECONDS = 0.05
_CHART = "watch_loss"
_TRIGGER = "$$STREAMLIT_INTERNAL_KEY_{}__events"
_GAP = json.dumps([{"event": "gap", "value": True}])


@dataclass(slots=True)
class Visit:
    """What one session saw; times are in seconds of the monotonic clock."""

    drawn: float | None = None
    """When the page was complete."""
    ticks: list[float] = field(default_factory=list)
    """When each tick of the charts was complete."""
    news: list[tuple[float, float]] = field(default_factory=list)
    """When new batch points arrived, with the (fractional) epoch of the newest."""
    points: int = 0
    """Total number of new batch points."""
    held: int = 0
    """Number of batch points in the chart at the end."""
    lost: int = 0
    """Chart messages with a gap to the previous one, after which all points were requested again."""
    received: int = 0
    """Bytes received after the page was complete."""
    dropped: str = ""
    """Why the connection ended early or the page never appeared."""

    @property
    def gaps(self) -> list[float]:
        """Seconds between ticks, the first counted from when the page was complete."""
        return [later - sooner for sooner, later in pairwise([*([self.drawn] if self.drawn else []), *self.ticks])]


def watch(
    address: str, query: str, *, watchers: int, seconds: float, until: Callable[[list[Visit]], bool] | None = None
) -> list[Visit]:
    """Sessions on the page at this address (`http://...`), each for `seconds` from when it is complete.

    All leave early once `until` holds. Ticks, rerun requests, widget values and the check for lost points are those of
    the browser's client.
    """
    # in its own thread, because Playwright runs an event loop in the main one
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _watch(address, query, watchers, seconds, until)).result()


def percentile(values: Sequence[float], share: float) -> float:
    """The quantile of these values at `share`; infinite if there are none."""
    return float(np.quantile(values, share)) if len(values) else float("inf")


async def _watch(
    address: str, query: str, watchers: int, seconds: float, until: Callable[[list[Visit]], bool] | None
) -> list[Visit]:
    sessions = [_Session(address, query) for _ in range(watchers)]
    seen = [session.seen for session in sessions]
    # starts are spread out, so that ticks do not coincide
    visits = [asyncio.create_task(one.visit(place / watchers, seconds)) for place, one in enumerate(sessions)]
    while until and not until(seen) and not all(visit.done() for visit in visits):
        await asyncio.sleep(_LOOK_SECONDS)
    for visit in visits if until else ():
        visit.cancel()
    await asyncio.gather(*visits, return_exceptions=until is not None)
    return seen


class _Session:
    """One page: its timers, its widgets, and the data of its charts."""

    def __init__(self, address: str, query: str) -> None:
        self._address, self._query = address, query
        self._page = ""
        self._clocks: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._widgets: dict[str, WidgetState] = {}
        self._cached: set[str] = set()
        self._charts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        self._charted = False
        self.seen = Visit()

    async def visit(self, after: float, seconds: float) -> None:
        """Open the page after `after` seconds, and stay for `seconds`."""
        await asyncio.sleep(after)
        url = f"{self._address.replace('http', 'ws', 1)}/_stcore/stream"
        try:
            async with asyncio.timeout(_OPENING_SECONDS) as limit:
                async with connect(url, subprotocols=_PROTOCOLS, origin=Origin(self._address), max_size=None) as socket:
                    await socket.send(self._request())
                    await self._follow(socket, limit, seconds)
                    self.seen.dropped = "the server closed the connection"
        except TimeoutError:
            if self.seen.drawn is None:
                self.seen.dropped = "the page never came"
        except Exception as error:
            # whatever ends one session, the others continue, and the caller sees the reason
            self.seen.dropped = f"{type(error).__name__}: {error}"
        finally:
            self._stop()

    async def _follow(self, socket: ClientConnection, limit: asyncio.Timeout, seconds: float) -> None:
        async for data in socket:
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            self.seen.received += len(data) if self.seen.drawn else 0
            if message.metadata.cacheable:
                self._cached.add(message.hash)
            match message.WhichOneof("type"):
                case "new_session":
                    self._charted = False
                    if not message.metadata.run.fragment_ids:
                        self._page = message.new_session.page_script_hash
                        self._stop()
                case "auto_rerun":
                    self._start(socket, message.auto_rerun.fragment_id, message.auto_rerun.interval)
                case "stop_auto_rerun":
                    self._stop(*message.stop_auto_rerun.fragment_ids)
                case "delta" if message.delta.WhichOneof("type") == "new_element":
                    self._take(message.delta.new_element)
                    if gap := self._gap(message.delta.new_element):
                        await socket.send(self._request(message.delta.fragment_id, gap))
                case "script_finished" if message.script_finished in _FINISHED:
                    if self.seen.drawn is None:
                        # or of a fragment: a busy server drops the page's own message for that of its first tick
                        self.seen.drawn = monotonic()
                        limit.reschedule(asyncio.get_running_loop().time() + seconds)
                    elif self._charted and message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY:
                        self.seen.ticks.append(monotonic())

    def _start(self, socket: ClientConnection, fragment: str, interval: float) -> None:
        # each tick requests the next one again; a running timer continues
        if self._clocks.get(fragment, (None,))[0] != interval:
            self._stop(fragment)
            self._clocks[fragment] = interval, asyncio.create_task(self._tick(socket, fragment, interval))

    def _stop(self, *fragments: str) -> None:
        """Stop these timers, or all."""
        for fragment in fragments or tuple(self._clocks):
            if fragment in self._clocks:
                self._clocks.pop(fragment)[1].cancel()

    async def _tick(self, socket: ClientConnection, fragment: str, interval: float) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += interval
            await asyncio.sleep(due - loop.time())
            await socket.send(self._request(fragment))

    def _request(self, fragment: str = "", trigger: WidgetState | None = None) -> bytes:
        message = BackMsg()
        request = message.rerun_script
        request.query_string, request.page_script_hash = self._query, self._page
        request.fragment_id, request.is_auto_rerun = fragment, bool(fragment) and trigger is None
        request.widget_states.widgets.extend([*self._widgets.values(), *([trigger] if trigger else [])])
        request.cached_message_hashes.extend(self._cached)
        request.context_info.timezone, request.context_info.locale = "UTC", "en-US"
        request.context_info.url, request.context_info.color_scheme = f"{self._address}/", "light"
        return bytes(message.SerializeToString())

    def _take(self, element: Element) -> None:
        """Store the browser's value of a widget, which stays until the server sets another."""
        kind = element.WhichOneof("type")
        if kind is None:
            return
        widget = getattr(element, kind)
        state = _state(kind, widget)
        if state is not None and (state.id not in self._widgets or widget.set_value):
            self._widgets[state.id] = state

    def _gap(self, element: Element) -> WidgetState | None:
        """The request of a chart's script if the element is a chart with missing points."""
        if element.WhichOneof("type") != "bidi_component" or '"traces"' not in element.bidi_component.json:
            return None
        if self._merge(json.loads(element.bidi_component.json)):
            return None
        self.seen.lost += 1
        return WidgetState(id=_TRIGGER.format(element.bidi_component.id), json_trigger_value=_GAP)

    def _merge(self, data: Any) -> bool:
        """Merge as static/live_chart.js does; False if points are missing between old and new ones."""
        self._charted = True
        held = self._charts.get((data["key"], data["run"]), {})
        merged = {}
        for trace in data["traces"]:
            name, start, generation = trace["name"], trace["start"], trace["generation"]
            points, known = held.get(name, (0, generation))
            if start and (name not in held or points < start or known != generation):
                return False
            merged[name] = start + len(trace["x"]), generation
        self._charts[data["key"], data["run"]] = merged
        for trace in data["traces"] if self.seen.drawn and data["key"] == _CHART else ():
            if trace["role"] == "training_batches" and trace["x"]:
                self.seen.news.append((monotonic(), trace["x"][-1]))
                self.seen.points += len(trace["x"])
                self.seen.held = trace["start"] + len(trace["x"])
        return True


def _state(kind: str, widget: Any) -> WidgetState | None:
    """The browser's initial value of a widget; None for a widget without a value."""
    match kind:
        case "selectbox":
            if widget.set_value:
                return WidgetState(id=widget.id, string_value=widget.raw_value)
            # without a selection, it has no value
            chosen = widget.options[widget.default] if widget.HasField("default") else None
            return WidgetState(id=widget.id) if chosen is None else WidgetState(id=widget.id, string_value=chosen)
        case "button_group" | "slider":
            options = [option if isinstance(option, str) else option.content for option in widget.options]
            texts = [options[int(place)] for place in widget.default]
            if widget.set_value:
                texts = list(widget.raw_values if kind == "button_group" else widget.raw_value)
            state = WidgetState(id=widget.id)
            state.string_array_value.data.extend(texts)
            return state
        case "number_input":
            value = widget.value if widget.set_value else widget.default
            if widget.data_type == widget.INT:
                return WidgetState(id=widget.id, int_value=int(value))
            return WidgetState(id=widget.id, double_value=value)
        case "checkbox":
            return WidgetState(id=widget.id, bool_value=widget.value if widget.set_value else widget.default)
    return None
