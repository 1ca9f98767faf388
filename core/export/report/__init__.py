"""A run as one self-contained HTML file, without scripts or external files."""
