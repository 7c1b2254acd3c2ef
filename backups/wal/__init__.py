"""The write-ahead log, on its way from the server to the store."""
