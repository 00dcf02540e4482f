"""Sentences for codes: what reading found, why something failed or is refused, what a worker is doing."""
