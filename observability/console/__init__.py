"""The operators' console at `/ops/`: how the installation is doing. Shows no tenant's content."""
