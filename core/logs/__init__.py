"""Logs of trainings elsewhere: read in a process of its own, and put together where they describe the same training."""
