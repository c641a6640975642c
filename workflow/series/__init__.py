"""Values of one thing at times in order: levels that move, exact posteriors, forecasts."""
