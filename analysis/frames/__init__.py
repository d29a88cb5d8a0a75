"""Records as tables: what papers report, what follows from it, and what it is normalized to."""
