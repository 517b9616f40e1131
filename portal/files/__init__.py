"""Uploaded files: what is accepted, kept once under its digest, and given out exactly as it came."""
