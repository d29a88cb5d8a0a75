"""From tables to figures: one file a figure, whose docstring is the caption.

A figure is a module with ``data(dataset)``, the rows that it draws, and ``chart(data)``, how it draws them.
"""

from prunelit.figures.write import write_figures

__all__ = ["write_figures"]
