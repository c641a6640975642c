"""What is to be expected of rows that were not fitted: outcomes, events, counts, classes."""
