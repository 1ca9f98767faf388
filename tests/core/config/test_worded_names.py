"""Names that runs give themselves, in the reader's language."""

import pytest

from core.config.naming import run_name, unique_name, worded_name
from core.config.presets import PRESETS
from core.text import speaking

CONFIG = PRESETS["mlp-512"].replace(epochs=8, seed=2)


@pytest.mark.parametrize("number", ["", " (2)", " (31)"])
def test_a_name_that_a_run_gave_itself_follows_the_language(number):
    with speaking("zh-Hant"):
        stored = unique_name(CONFIG, ())
        assert stored == "mlp-512 · 8 epochs · seed 2"
        shown = worded_name(f"{stored}{number}", CONFIG)
        assert shown == f"{run_name(CONFIG)}{number}"
        assert "epochs" not in shown
    assert worded_name(f"{stored}{number}", CONFIG) == f"{stored}{number}"


@pytest.mark.parametrize("name", ["mine", "mlp-512 · 9 epochs · seed 2", "mlp-512 · 8 epochs · seed 2 again", ""])
def test_another_name_stays(name):
    with speaking("zh-Hans"):
        assert worded_name(name, CONFIG) == name


def test_a_forks_name_has_the_epoch_it_began_with():
    with speaking("zh-Hans"):
        assert "epoch" not in worded_name("mlp-512 · 8 epochs · seed 2 · from epoch 5", CONFIG, after=5)
