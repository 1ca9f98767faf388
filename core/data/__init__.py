"""The data sets of digits: sources, cache and download."""
