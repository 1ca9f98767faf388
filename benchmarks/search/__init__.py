"""What sweeps find, in many that are simulated with real trainings."""
