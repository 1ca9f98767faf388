"""A run's settings as people read them: each with its label, its value in words, and what the preset has."""

from dataclasses import dataclass

from core.config.datasets import dataset_title
from core.config.presets import preset_for
from core.config.run import RunConfig, setting_names, setting_text
from core.text import catalogue, say


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a run: its name and label, and its value and the preset's in words."""

    name: str
    label: str
    value: str
    preset: str
    used: bool
    """Whether it has an effect on the run."""

    @property
    def changed(self) -> bool:
        """Whether it has an effect and differs from the preset."""
        return self.used and self.value != self.preset


def setting_table(config: RunConfig) -> list[Setting]:
    """All settings of a run, in the order of the form; `preset` and the network's `kind` come first."""
    base = preset_for(config.preset, config.dataset)
    network = base.replace(kind=config.network.kind)
    names = ["preset", "kind", *(name for name in setting_names(config.network.kind) if name != "preset")]
    return [
        Setting(
            name,
            say(f"fields.{name}"),
            _value(config, name),
            _value(base if name == "kind" else network, name),
            name not in config.idle_settings,
        )
        for name in names
    ]


def changed_settings(config: RunConfig) -> list[str]:
    """The names of the settings that differ from the preset's, without those that have no effect on this run."""
    return [setting.name for setting in setting_table(config) if setting.changed]


def _value(config: RunConfig, name: str) -> str:
    if name == "dataset":
        return say(dataset_title(config.dataset))
    text = config.network.kind if name == "kind" else setting_text(config, name)
    if name in ("weight_averaging", "batch_normalization"):
        return say(f"report.flag.{text}")
    key = f"presets.{text}.name" if name == "preset" else f"options.{name}.{text}"
    if key in catalogue():
        return say(key)
    return (text if name == "layers" else text.replace(",", ", ")) or say("setting_table.nothing")
