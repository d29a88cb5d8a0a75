"""Explorer: the corpus as a static site, in which every number leads to its source."""
