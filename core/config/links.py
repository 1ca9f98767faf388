"""A run's settings in a link: the preset, and only the settings that differ from it."""

from collections.abc import Mapping

from core.config.network import NETWORKS, read_setting
from core.config.presets import FIRST_PRESET, preset_for
from core.config.rules import Choice
from core.config.run import RunConfig, setting_names, setting_text
from core.errors import DigitLabError, InvalidSetting

LINK_NAMES = frozenset({"kind", *(name for kind in NETWORKS for name in setting_names(kind))})
"""All names of settings, whichever the kind of network."""

_UNNAMED_PRESET = "mlp-512"
"""The preset of a link with settings but without a preset, as earlier versions wrote them."""


def config_to_query(config: RunConfig, *, default_dataset: str = "mnist") -> dict[str, str]:
    """The parameters of a run's link.

    They name the data set unless it is both the preset's and `default_dataset`: another machine, whose default differs,
    then still opens the same run.
    """
    preset = preset_for(config.preset, config.dataset)
    base = preset.replace(kind=config.network.kind)
    query = {"preset": config.preset}
    if config.network.kind != preset.network.kind:
        query["kind"] = config.network.kind
    for name in setting_names(config.network.kind):
        text = setting_text(config, name)
        if text != setting_text(base, name) or (name == "dataset" and text != default_dataset):
            query[name] = text
    return query


def config_from_query(
    params: Mapping[str, str], *, default_dataset: str = "mnist"
) -> tuple[RunConfig, list[DigitLabError]]:
    """The run that a link describes, and an error for each parameter that cannot be used.

    Never raises: where a parameter cannot be used, the preset's value stays. Ignores parameters that are not settings.
    """
    errors: list[DigitLabError] = []
    chosen: dict[str, str] = {}
    for name, rule in (("preset", RunConfig.rules["preset"]), ("kind", Choice(tuple(NETWORKS)))):
        if name in params:
            try:
                chosen[name] = read_setting(name, rule, params[name])
            except InvalidSetting as error:
                errors.append(error)
    preset = chosen.pop("preset", _UNNAMED_PRESET if LINK_NAMES & params.keys() else FIRST_PRESET)
    config = preset_for(preset, params.get("dataset", default_dataset))
    if default_dataset != config.dataset:
        config = config.replace(dataset=default_dataset)
    config = config.replace(**chosen)
    known = setting_names(config.network.kind)
    for name in sorted(LINK_NAMES & params.keys() - {*known, "kind"}):
        errors.append(InvalidSetting(name, "errors.unknown_setting", name=name, known=known))
    config, unusable = _apply(config, {name: params[name] for name in known if name in params and name != "preset"})
    return config, [*errors, *unusable]


def _apply(config: RunConfig, values: Mapping[str, str]) -> tuple[RunConfig, list[DigitLabError]]:
    """The run with these settings changed: all at once or, where that fails, as many as are valid together."""
    try:
        return config.replace(**values), []
    except InvalidSetting:
        waiting, errors = dict(values), dict[str, DigitLabError]()
    # a setting may be valid only together with a later one, such as many blocks with padded pooling
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
