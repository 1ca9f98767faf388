"""What Digit Lab costs: measured in turn with the plain thing it is compared to."""
