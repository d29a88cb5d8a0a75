"""Which numbers and statements of the corpus cannot be right, or are hard to believe?  One module a family of rules."""
