"""Statistics on a run's answers and curves: arrays and tables in, findings out."""
