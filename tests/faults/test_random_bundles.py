"""Randomly changed bundles open, or are refused in one sentence."""

import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bundle.format import MADE_HERE
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from tests.bundled import files, open_alone, packed


def open_or_refuse(content, runs_dir):
    """Open the bundle; any exception but an error of one sentence fails the test."""
    try:
        folder = RunFolder(runs_dir / open_alone(io.BytesIO(content), runs_dir).run_id)
    except DigitLabError as error:
        assert str(error).startswith("The file was not opened: ")
        assert not list(runs_dir.glob(".*"))
        return
    assert folder.manifest().config
    assert folder.status().state in ("finished", "stopped", "failed", "interrupted")


FUZZ = settings(
    max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


FEW = {name: content for name, content in files().items() if len(content) < 20_000}
SMALL = packed(FEW)


@FUZZ
@given(places=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_bundle_with_changed_bytes_opens_or_is_refused(places, runs_dir):
    content = bytearray(SMALL)
    for place, value in places:
        content[place] = value
    open_or_refuse(bytes(content), runs_dir)


@FUZZ
@given(end=st.integers(0, len(SMALL)), start=st.integers(0, 200))
def test_part_of_a_bundle_opens_or_is_refused(end, start, runs_dir):
    open_or_refuse(SMALL[start:end], runs_dir)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["config", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
TEXTS = [name for name in files() if name.endswith(".json")]
KEYS = sorted({key for name in TEXTS for key in json.loads(files()[name])})


@FUZZ
@given(name=st.sampled_from(TEXTS), key=st.sampled_from(KEYS), value=JSON)
def test_a_bundle_with_any_json_value_opens_or_is_refused(name, key, value, runs_dir):
    content = json.dumps({**json.loads(FEW[name]), key: value}).encode()
    open_or_refuse(packed({**FEW, name: content}), runs_dir)


@FUZZ
@given(name=st.sampled_from(sorted([*files(), *MADE_HERE])), content=st.binary(max_size=300))
def test_a_bundle_with_random_bytes_for_a_file_opens_or_is_refused(name, content, runs_dir):
    open_or_refuse(packed({**FEW, name: content}), runs_dir)
