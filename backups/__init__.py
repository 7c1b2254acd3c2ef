"""Backups, restores, and the proof that a restore works."""
