"""From the one file of objectives to the files that other tools read."""
