"""Differences between two states of the corpus."""
