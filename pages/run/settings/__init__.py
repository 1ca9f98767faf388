"""The tab Settings and code of a run's page."""
