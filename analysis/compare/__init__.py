"""Comparison of papers: who compares to whom, and whose numbers can be held against whose."""
