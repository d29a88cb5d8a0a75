"""Credits: who entered or checked the records."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from prunelit.schema.corpus import Corpus


def credited(corpus: Corpus) -> pd.DataFrame:
    """The people whom records name as contributors, in alphabetical order, with the number of their records."""
    named = Counter(name for paper in corpus.papers for name in paper.contributors or ())
    rows = sorted(named.items(), key=lambda one: (one[0].casefold(), one[0]))
    return pd.DataFrame(rows, columns=["contributor", "records"])
