"""The tab Curves of a run's page."""
