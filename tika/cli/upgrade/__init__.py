"""`bin/upgrade`: a running installation becomes this release, or stays what it was."""
