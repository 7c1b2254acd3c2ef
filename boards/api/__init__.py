"""The REST API: `/api/`, and the same below a workspace's path."""
