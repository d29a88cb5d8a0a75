"""Reporting and progress by year of publication."""
