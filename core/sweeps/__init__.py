"""Sweeps: many runs whose settings Optuna chooses one after another, to find the best."""
