"""Do the numbers at hand bear out what papers other than the survey conclude?  One module a paper, named by its id."""
