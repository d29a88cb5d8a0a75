"""The command line with every command, for what documents and tests it as a whole."""

from prunelit.cli import command_line

app = command_line()
