"""Runs on disk: the folder format, the queue, the list."""
