"""Experiments to run next."""
