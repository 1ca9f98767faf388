"""Benchmarks of Digit Lab, each run in turn with the plain equivalent that it is compared with."""
