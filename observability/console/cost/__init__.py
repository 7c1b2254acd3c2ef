"""What running Tika costs a month, people included (guide section 10), from what the installation really uses."""
