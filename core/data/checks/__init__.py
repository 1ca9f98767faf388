"""What is looked for in a data set before it is used: one file for each idea."""
