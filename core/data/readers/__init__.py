"""Readers of the files that a person brings: one file for each format."""
