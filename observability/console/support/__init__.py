"""One archive that tells those who help what an installation is like, and nothing about who uses it (research X6)."""
