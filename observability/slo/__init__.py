"""Is the promise kept? Indicators, objectives, error budgets, and what may be deployed."""
