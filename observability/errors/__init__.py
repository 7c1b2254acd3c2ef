"""What went wrong: reported to Sentry where a DSN is set, kept in groups by fingerprint in any case."""
