"""A run as the command that trains it again."""

import shlex
from dataclasses import dataclass

from core.config.presets import preset_for
from core.config.run import RunConfig, setting_names, setting_text

_OPTIONS = ("dataset", "epochs", "seed")
"""Settings with an option of their own; the others are given by `--set`."""


@dataclass(frozen=True, slots=True)
class Source:
    """The run and the epoch that a fork begins with, and that run's settings."""

    run: str
    epoch: int
    config: RunConfig


def training_command(config: RunConfig, *, name: str = "", source: Source | None = None) -> str:
    """The line for a POSIX shell that trains a run with these settings; names only those that differ from its base.

    The base is the preset or, for a fork, the run that it begins with.
    """
    base = source.config if source else preset_for(config.preset, config.dataset)
    arguments = [f"--from={source.run}", f"--epoch={source.epoch}"] if source else [f"--preset={config.preset}"]
    if config.network.kind != base.network.kind:
        base = base.replace(kind=config.network.kind)
        arguments.append(f"--set=kind={config.network.kind}")
    for setting in setting_names(config.network.kind):
        text = setting_text(config, setting)
        if text != setting_text(base, setting) and (setting != "preset" or source):
            arguments.append(f"--{setting}={text}" if setting in _OPTIONS else f"--set={setting}={text}")
    if name:
        arguments.append(f"--name={name}")
    return shlex.join(["python", "-m", "core.training", *arguments])
