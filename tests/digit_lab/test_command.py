"""The `digit-lab` command passes its arguments to core's commands."""

import pytest

from digit_lab import __main__ as command


@pytest.mark.parametrize("name", command.COMMANDS)
def test_help_of_a_subcommand_shows_the_command_as_typed(name, capsys):
    with pytest.raises(SystemExit, match="0"):
        command.main([name, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: digit-lab {name} ")


def test_help_lists_every_subcommand(capsys):
    with pytest.raises(SystemExit, match="0"):
        command.main(["--help"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert set(command.COMMANDS) <= set(listed)


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_a_missing_or_unknown_subcommand_is_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert "COMMAND" in capsys.readouterr().err


def test_the_exit_status_and_message_of_a_subcommand_are_passed_on(capsys):
    assert command.main(["infer", "no-such-run", "digit.png"]) == 2
    assert "no-such-run" in capsys.readouterr().err


def test_outside_a_checkout_the_error_explains_the_installation(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "_APP", tmp_path / "app.py")
    assert command.main(["data", "mnist-5k"]) == 2
    assert "pip install -e ." in capsys.readouterr().err
