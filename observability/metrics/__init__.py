"""Counts and times of every process, for Prometheus to fetch (guide section 2.1).

`catalogue` says what there is, `page` holds one process's numbers, `folder` all pages of a host, `exposition` and
`server` hand them out. A new metric is one entry in the catalogue and one call where it happens.
"""
