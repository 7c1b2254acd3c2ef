"""Counts and times of every process, for Prometheus to fetch (guide section 2.1)."""
