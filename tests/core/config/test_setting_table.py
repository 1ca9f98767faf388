"""The table of a run's settings marks what differs from its preset and has an effect."""

from core.config.presets import PRESETS
from core.config.run import setting_names
from core.config.setting_table import changed_settings, setting_table


def test_every_setting_is_there_with_the_presets_value_beside_its_own():
    config = PRESETS["mlp-512"].replace(learning_rate=0.003, momentum=0.5, hidden_units="")
    rows = {setting.name: setting for setting in setting_table(config)}
    assert rows.keys() == {"kind", *setting_names("mlp")}
    rate = rows["learning_rate"]
    assert (rate.label, rate.value, rate.preset, rate.changed) == ("Learning rate", "0.003", "0.001", True)
    assert (rows["hidden_units"].value, rows["hidden_units"].preset) == ("none", "512")
    # RMSprop has no momentum
    assert (rows["momentum"].used, rows["momentum"].changed) == (False, False)
    assert changed_settings(config) == ["hidden_units", "learning_rate"]


def test_a_network_of_another_kind_is_compared_with_the_default_of_its_kind():
    rows = {
        setting.name: setting
        for setting in setting_table(PRESETS["mlp-512"].replace(kind="cnn", blocks="8@3-same-max"))
    }
    assert [name for name, setting in rows.items() if setting.changed] == ["kind", "blocks"]
    assert (rows["kind"].value, rows["kind"].preset) == ("CNN", "MLP")
    assert rows["blocks"].preset == "16@5-same-max, 36@5-same-max"
