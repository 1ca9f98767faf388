"""A run as one file: format, write, unpack, check, open."""
