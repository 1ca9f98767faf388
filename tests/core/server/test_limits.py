import pytest

from core.config.network import CNN, MLP
from core.config.run import RunConfig
from core.errors import DigitLabError, InvalidSetting
from core.server.limits import PUBLIC, Settings


def read(text="", **environment):
    def at(folder):
        file = folder / "secrets.toml"
        file.write_text(text, encoding="utf-8")
        return Settings.read(environment, [file])

    return at


def test_a_private_server_has_no_limits(tmp_path):
    settings = Settings.read({}, [tmp_path / "none.toml"])
    assert settings == Settings()
    settings.check(RunConfig(epochs=1000, batch_size=60_000, network=MLP(hidden_units=(4096, 2048))))
    assert not settings.limited


def test_a_public_server_has_default_limits(tmp_path):
    settings = read("[digit_lab]\npublic = true\nmost_epochs = 5\n")(tmp_path)
    assert (settings.public, settings.most_epochs, settings.warm_worker) == (True, 5, False)
    assert settings.most_runs_each == PUBLIC["most_runs_each"]
    assert settings.limited


def test_the_environment_takes_precedence_and_other_sections_are_ignored(tmp_path):
    settings = read("[other]\npublic = 3\n[digit_lab]\nmost_epochs = 5\n", DIGIT_LAB_MOST_EPOCHS="7")(tmp_path)
    assert (settings.public, settings.most_epochs) == (False, 7)


@pytest.mark.parametrize("word", ["1", "on", "TRUE", "yes"])
def test_booleans_are_read_in_all_usual_notations(tmp_path, word):
    assert read(DIGIT_LAB_PUBLIC=word)(tmp_path).public
    assert not read(DIGIT_LAB_WARM_WORKER="off")(tmp_path).warm_worker


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[digit_lab]\npublic = maybe", "secrets.toml"),
        ("[digit_lab]\npublic = 'perhaps'", "public"),
        ("[digit_lab]\nmost_epochs = -1", "most_epochs"),
        ("[digit_lab]\nmost_epoch = 3", "most_epoch"),
        ("digit_lab = 3", "secrets.toml"),
    ],
)
def test_unreadable_limits_raise_an_error(tmp_path, text, named):
    with pytest.raises(DigitLabError, match=named) as caught:
        read(text)(tmp_path)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (RunConfig(epochs=31), "epochs"),
        (RunConfig(batch_size=2048), "batch_size"),
        (RunConfig(network=MLP(hidden_units=(2048, 1024))), "hidden_units"),
        (RunConfig(network=CNN(dense_units=(1024,))), "blocks"),
    ],
)
def test_a_run_beyond_a_limit_is_rejected_with_the_field(config, field):
    settings = Settings(public=True, most_epochs=30, most_batch_size=1024, most_parameters=1_000_000)
    with pytest.raises(InvalidSetting) as caught:
        settings.check(config)
    assert caught.value.field == field
    settings.check(RunConfig(epochs=30, batch_size=1024))


def test_strangers_on_a_private_server_get_public_limits():
    limits = Settings(most_epochs=500, keep_runs=7).for_strangers()
    assert limits == Settings(
        **{name: most for name, most in PUBLIC.items() if name.startswith("most_")} | {"most_epochs": 500}, keep_runs=7
    )
    assert not limits.public
