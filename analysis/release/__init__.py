"""Releases: the tables, records and schemas of one commit as a folder that other programs read."""
