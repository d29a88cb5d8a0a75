"""The 2020 survey's own procedures: marks of its figures, multiverse, effects of corrections."""
