"""Which action? Losses, costs, limits, and how much more data would decide."""
