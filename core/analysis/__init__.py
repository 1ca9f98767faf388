"""What the numbers of a run say: arrays and tables in, findings out."""
