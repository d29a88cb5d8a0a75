"""Formats in which other programs read what the corpus holds: bibliographies, and results of evaluations."""
