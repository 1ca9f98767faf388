"""Runs on disk: the folder format, what is stored in it, the list of runs."""
