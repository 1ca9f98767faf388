"""Downloads of a run: model files, tables, the report."""
