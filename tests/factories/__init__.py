"""Rows for tests: small, valid, and saying only what a test does not care about."""
