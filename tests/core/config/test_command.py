"""The command that trains a run again."""

import shlex

from hypothesis import given

from core.config.command import Source, training_command
from core.config.presets import PRESETS
from core.config.run import RunConfig
from core.runs.command_options import changed
from core.training.__main__ import _parser
from tests.core.config.test_links import configs


def read(command: str, base: RunConfig | None = None) -> RunConfig:
    """The run that the command line makes of its arguments."""
    python, module, name, *arguments = shlex.split(command)
    assert (python, module, name) == ("python", "-m", "core.training")
    options = _parser().parse_args(arguments)
    return changed(base or PRESETS[options.preset], options)


@given(configs())
def test_the_command_of_any_run_is_read_as_the_same_settings(config: RunConfig) -> None:
    assert read(training_command(config)) == config


def test_a_command_names_only_what_differs_and_is_safe_to_paste() -> None:
    assert training_command(PRESETS["cnn-16-36"]) == "python -m core.training --preset=cnn-16-36"
    config = PRESETS["mlp-512"].replace(learning_rate=0.003, epochs=9)
    assert training_command(config, name="mine; rm -rf ~ 'x'") == (
        "python -m core.training --preset=mlp-512 --set=learning_rate=0.003 --epochs=9 "
        "'--name=mine; rm -rf ~ '\"'\"'x'\"'\"''"
    )


def test_the_command_of_a_fork_names_its_origin_and_what_it_changes() -> None:
    before = PRESETS["cnn-16-36"]
    after = before.replace(epochs=30, optimizer="sgd", seed=4)
    command = training_command(after, source=Source("20260101-120000-cnn-16-36-1a2b3c", 5, before))
    assert command.startswith("python -m core.training --from=20260101-120000-cnn-16-36-1a2b3c --epoch=5 ")
    assert "--preset" not in command
    assert read(command, before) == after
