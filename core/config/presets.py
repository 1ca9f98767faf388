"""The tutorials' networks by name, and the histories that the tutorials print."""

import tomllib
from functools import cache
from pathlib import Path

from core.config.printed import PrintedHistory
from core.config.run import RunConfig

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

_ON = {name: table.pop("on", {}) for name, table in _TABLES.items()}
_PRINTED = {name: table.pop("printed") for name, table in _TABLES.items() if "printed" in table}

PRESETS = {name: RunConfig.from_json({"preset": name, **settings}) for name, settings in _TABLES.items()}
FIRST_PRESET = next(iter(PRESETS))
FREE_PRESETS = ("mlp", "cnn", "layers")
"""The presets whose network the user designs."""


@cache
def preset_for(preset: str, dataset: str) -> RunConfig:
    """The preset with the settings that it has for a data set; its `dataset` stays as it is."""
    return PRESETS[preset].replace(**_ON[preset].get(dataset, {}))


def printed_history(config: RunConfig) -> PrintedHistory | None:
    """The tutorial's history, cut to the run's epochs; None where its network, data set or loss differ."""
    preset = PRESETS[config.preset]
    printed = _PRINTED.get(config.preset)
    if (
        printed is None
        or not config.minimizes_cross_entropy
        or (config.network, config.dataset) != (preset.network, preset.dataset)
    ):
        return None
    curves = {name: values[: config.epochs] for name, values in printed.items() if name != "test"}
    return PrintedHistory.from_json({**curves, "test": printed["test"]})
