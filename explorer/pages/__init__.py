"""Pages of the site: each module offers a function ``pages`` that yields those of one kind.

A module may have a ``PLACE``, by which the modules are ordered.
"""
