"""Files to take away: models, tables, the report."""
