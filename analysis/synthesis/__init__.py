"""Network meta-analysis of contrasts between treatments."""
