"""From a model to draws: compile, NUTS, the groups of a tree, large data, another process."""
