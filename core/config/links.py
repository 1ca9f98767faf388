"""A run's settings as a link has them: the preset, and only what differs from it."""

from collections.abc import Mapping

from core.config.network import NETWORKS, read_setting
from core.config.presets import PRESETS
from core.config.rules import Choice
from core.config.run import RunConfig, setting_names, setting_text
from core.errors import DigitLabError, InvalidSetting

LINK_NAMES = frozenset({"kind", *(name for kind in NETWORKS for name in setting_names(kind))})
"""Every name that is a setting of some network."""

_DEFAULT_PRESET = "mlp-512"


def config_to_query(config: RunConfig, *, default_dataset: str = "mnist") -> dict[str, str]:
    """The link's parameters for a run.

    The data set is named unless it is both the preset's and `default_dataset`, so that a link says nothing that
    any machine would guess, and nothing else is guessed wrongly.
    """
    base = PRESETS[config.preset].replace(kind=config.network.kind)
    query = {"preset": config.preset}
    if config.network.kind != PRESETS[config.preset].network.kind:
        query["kind"] = config.network.kind
    for name in setting_names(config.network.kind):
        text = setting_text(config, name)
        if text != setting_text(base, name) or (name == "dataset" and text != default_dataset):
            query[name] = text
    return query


def config_from_query(
    params: Mapping[str, str], *, default_dataset: str = "mnist"
) -> tuple[RunConfig, list[DigitLabError]]:
    """The run that a link describes, and what in it could not be used.

    Never raises: a parameter that cannot be used keeps its preset's value and has one error. Parameters that are
    no settings are left to others.
    """
    errors: list[DigitLabError] = []
    chosen: dict[str, str] = {}
    for name, rule in (("preset", RunConfig.rules["preset"]), ("kind", Choice(tuple(NETWORKS)))):
        if name in params:
            try:
                chosen[name] = read_setting(name, rule, params[name])
            except InvalidSetting as error:
                errors.append(error)
    config = PRESETS[chosen.pop("preset", _DEFAULT_PRESET)]
    if default_dataset != config.dataset:
        config = config.replace(dataset=default_dataset)
    config = config.replace(**chosen)
    known = setting_names(config.network.kind)
    for name in sorted(LINK_NAMES & params.keys() - {*known, "kind"}):
        errors.append(InvalidSetting(name, "errors.unknown_setting", name=name, known=", ".join(known)))
    config, unusable = _apply(config, {name: params[name] for name in known if name in params and name != "preset"})
    return config, [*errors, *unusable]


def _apply(config: RunConfig, values: Mapping[str, str]) -> tuple[RunConfig, list[DigitLabError]]:
    """The run with these settings changed: all at once or, where that fails, as many as go together."""
    try:
        return config.replace(**values), []
    except InvalidSetting:
        waiting, errors = dict(values), dict[str, DigitLabError]()
    # one setting may fit only beside a later one, as blocks do with the padding of their pooling
    while waiting:
        for name, text in waiting.items():
            try:
                config = config.replace(**{name: text})
            except InvalidSetting as error:
                errors[name] = error
        if len(errors) == len(waiting):
            break
        waiting, errors = {name: waiting[name] for name in errors}, {}
    return config, list(errors.values())
