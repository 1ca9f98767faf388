"""The `digit-lab` command."""
