"""What the lessons show: small computations that are done for real, while somebody looks."""
