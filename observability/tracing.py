"""Where a request went: OpenTelemetry, when the environment names a collector (guide section 2.1)."""
