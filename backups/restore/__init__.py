"""From the store back to a database: the whole of it, one workspace, one board."""
