"""What may be typed in about programmes, one module a subject."""
