"""The standardized evaluation: pruning methods run under one recipe, and what comes out as a record.

It is the extra ``evaluation``: nothing else of the package imports it, and it imports the schema alone.
"""
