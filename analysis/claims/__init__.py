"""Claims of papers, computed anew from the records, with verdicts."""
