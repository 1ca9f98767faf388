"""What draws and knows no run."""
