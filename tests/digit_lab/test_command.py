"""The `digit-lab` command passes its arguments to core's commands."""

import pytest

from digit_lab import __main__ as command


def test_help_lists_every_subcommand_whose_own_help_shows_it_as_typed(capsys):
    with pytest.raises(SystemExit, match="0"):
        command.main(["--help"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    assert set(command.COMMANDS) <= set(listed)
    for name in command.COMMANDS:
        with pytest.raises(SystemExit, match="0"):
            command.main([name, "--help"])
        assert capsys.readouterr().out.startswith(f"usage: digit-lab {name} ")


@pytest.mark.parametrize("arguments", [[], ["nonsense"]])
def test_a_missing_or_unknown_subcommand_is_a_usage_error(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(arguments)
    assert "COMMAND" in capsys.readouterr().err


def test_the_exit_status_and_message_of_a_subcommand_are_passed_on(capsys, monkeypatch, tmp_path):
    assert command.main(["infer", "no-such-run", "digit.png"]) == 2
    assert "no-such-run" in capsys.readouterr().err
    # without a checkout, the message explains the installation
    monkeypatch.setattr(command, "_APP", tmp_path / "app.py")
    assert command.main(["data", "mnist-5k"]) == 2
    assert "pip install -e ." in capsys.readouterr().err
