"""The figures, one file each, whose docstring is the caption."""
