"""What may leave a site that wants to be looked after: figures from a list, off by default (research 19, T1 to T8)."""
