"""A run's settings from untrusted input: `run.json`, a link, the command line."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config.links import LINK_NAMES, config_from_query, config_to_query
from core.config.network import PARAMETER_LIMIT
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.errors import DigitLabError, InvalidSetting
from core.runs.folder import RunFolder
from core.runs.label import NAME_LENGTH
from core.runs.status import Status
from core.server.limits import Settings
from core.training import __main__ as command

FUZZ = settings(suppress_health_check=list(HealthCheck))
NAMES = sorted(LINK_NAMES)
TEXTS = (
    st.sampled_from(["", "nan", "inf", "-1", "1e400", "9" * 5_000, "true", "x" * 10_000, "8192,8192", "٣", "\0"])
    | st.just("1@1-same-max," * 9)
    | st.from_regex(r"\d{1,3}@\d{1,2}-(same|valid)-(max|none)(,\d{1,9}@\d{1,2}-valid-max)?", fullmatch=True)
    | st.floats().map(str)
    | st.integers(0, 2**70).map(str)
    | st.text(max_size=8)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def is_usable(config):
    """Check that the config can be written, linked to, and built within the limit of parameters."""
    assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config
    assert config_from_query(config_to_query(config), default_dataset="mnist") == (config, [])
    assert sum(row.parameters for row in config.layer_table) <= PARAMETER_LIMIT
    assert config.updates_per_epoch > 0


def is_sentence(error):
    assert 0 < len(str(error)) < 1_000
    assert "\n" not in str(error)


def usable_or_refused(values):
    try:
        config = RunConfig.from_json(values)
    except InvalidSetting as error:
        is_sentence(error)
    else:
        is_usable(config)


def is_short_line(name):
    assert len(name) <= NAME_LENGTH
    assert name == "" or name.isprintable()


@FUZZ
@given(st.sampled_from(list(PRESETS)), st.dictionaries(st.sampled_from([*NAMES, "network", "x"]), JSON, max_size=4))
def test_any_settings_in_a_file_are_usable_or_refused(preset, changes):
    usable_or_refused({**PRESETS[preset].to_json(), **changes})


@FUZZ
@given(JSON)
def test_any_json_in_place_of_settings_is_usable_or_refused(values):
    usable_or_refused(values)


@FUZZ
@given(st.dictionaries(st.sampled_from([*NAMES, "run", "x"]), TEXTS, max_size=6))
def test_any_settings_in_a_link_are_usable_or_reported(params):
    config, errors = config_from_query(params, default_dataset="mnist-5k")
    is_usable(config)
    for error in errors:
        is_sentence(error)
    with_limits = Settings(public=True, most_epochs=30, most_parameters=2_000_000)
    try:
        with_limits.check(config)
    except DigitLabError as error:
        is_sentence(error)


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """Runs the command without training or data; returns exit code, stdout and stderr."""
    monkeypatch.setattr(command, "_train", lambda _, bar: 0)  # noqa: ARG005 as it is called
    monkeypatch.setattr(command, "_check_digits", lambda _: None)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = command.main([*arguments, f"--runs-dir={tmp_path / 'runs'}"])
            except SystemExit as ended:
                # argparse exits on a usage error
                code = ended.code
        return code, out.getvalue(), err.getvalue()

    return run


@FUZZ
@given(
    st.lists(st.tuples(st.sampled_from([*NAMES, "x"]) | st.text(max_size=4), TEXTS).map("=".join) | TEXTS, max_size=4),
    st.sampled_from([*PRESETS, "resnet", ""]),
    TEXTS | st.just("\udcff\u202e<b>"),
)
def test_any_settings_on_the_command_line_are_usable_or_refused(ask, sets, preset, name):
    code, out, err = ask(f"--preset={preset}", f"--name={name}", *(f"--set={text}" for text in sets))
    if code == 0:
        folder = RunFolder(command.Path(out.strip()))
        is_usable(folder.manifest().config)
        assert folder.manifest().name
        is_short_line(folder.manifest().name)
    else:
        assert code == 2
        is_sentence(err.strip().splitlines()[-1])
        assert "Traceback" not in err


@pytest.mark.parametrize("name", ["", "\0\u202e", "\udcff", "x" * 10_000, "a\nb", "<b>bold</b>"])
def test_a_name_that_another_program_wrote_is_one_short_line(tmp_path, name):
    folder = RunFolder.create(tmp_path, PRESETS["mlp"], Status(state="queued"), name)
    assert folder.manifest().name
    values = json.loads((folder.path / "run.json").read_text(encoding="utf-8"))
    (folder.path / "run.json").write_text(json.dumps({**values, "name": name}))
    is_short_line(folder.manifest().name)
