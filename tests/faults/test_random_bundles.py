"""Randomly changed bundles open, or are refused in one sentence."""

import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bundle.format import MADE_HERE
from core.errors import DigitLabError
from core.runs.folder import RunFolder
from tests.bundled import files, open_alone, packed


def sentence_or_run(content, runs_dir):
    """Opens it; anything but a run or a sentence fails the test."""
    try:
        folder = RunFolder(runs_dir / open_alone(io.BytesIO(content), runs_dir).run_id)
    except DigitLabError as error:
        assert str(error).startswith("This file was not opened: ")
        assert not list(runs_dir.glob(".*"))
        return
    # what was opened can be read
    assert folder.manifest().config
    assert folder.status().state in ("finished", "stopped", "failed", "interrupted")


FUZZ = settings(
    max_examples=settings.default.max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@FUZZ
@given(content=st.binary(max_size=500))
def test_random_bytes(content, runs_dir):
    sentence_or_run(content, runs_dir)


FEW = {name: content for name, content in files().items() if len(content) < 20_000}
SMALL = packed(FEW)


@FUZZ
@given(places=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_bundle_with_changed_bytes(places, runs_dir):
    content = bytearray(SMALL)
    for place, value in places:
        content[place] = value
    sentence_or_run(bytes(content), runs_dir)


@FUZZ
@given(end=st.integers(0, len(SMALL)), start=st.integers(0, 200))
def test_part_of_a_bundle(end, start, runs_dir):
    sentence_or_run(SMALL[start:end], runs_dir)


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
def test_any_value_in_a_json_file(name, key, value, runs_dir):
    content = json.dumps({**json.loads(FEW[name]), key: value}).encode()
    sentence_or_run(packed({**FEW, name: content}), runs_dir)


@FUZZ
@given(name=st.sampled_from(sorted([*files(), *MADE_HERE])), content=st.binary(max_size=300))
def test_random_bytes_in_place_of_a_file(name, content, runs_dir):
    sentence_or_run(packed({**FEW, name: content}), runs_dir)
