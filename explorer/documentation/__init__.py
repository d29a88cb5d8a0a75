"""Documentation of the site: what Sphinx makes of ``explorer/docs``, the docstrings, the commands and the schema."""
