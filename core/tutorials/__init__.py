"""A tutorial's code and printed log, read and never run."""
