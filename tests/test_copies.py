"""Copies for measurements differ from their originals in all that must be unique, and in nothing else."""

from __future__ import annotations

import re

from copies import Known, copy_of

TEXT = """id: han2015learning
title: Learning both Weights
identifiers: {arxiv: "1506.02626"}
survey_id: magnitude
collections: [blalock2020, living]
compares_to: [lecun1990optimal]
methods:
  - name: Pruning
experiments:
  - dataset: MNIST
    curves:
      - origin: own
        method: Pruning
        points:
          - {survey_row: 12, top1: 99.20}
"""
KNOWN = Known(
    re.compile("han2015learning|lecun1990optimal"),
    re.compile("(name: Pruning|method: Pruning)(?=\n)"),
    re.compile("($^)"),
)
NAMES = {"han2015learning": "han2015learning-2", "lecun1990optimal": "lecun1990optimal-2"}


def test_a_copy_has_names_of_its_own() -> None:
    copy = copy_of("han2015learning", TEXT, 2, KNOWN, NAMES)
    kept = ["experiments:", "  - dataset: MNIST", "    curves:", "      - origin: own", "        points:", "methods:"]
    assert [line for line in copy.splitlines() if line in TEXT.splitlines()] == [
        one for one in TEXT.splitlines() if one in kept
    ]
    assert "id: han2015learning-2\n" in copy
    assert "compares_to: [lecun1990optimal-2]" in copy
    assert "collections: [synthetic, living]" in copy
    assert "survey_row: 12002, top1: 99.20" in copy
    assert copy.count("Pruning 2\n") == 2


def test_the_first_one_is_the_original() -> None:
    assert copy_of("han2015learning", TEXT, 0, KNOWN, NAMES) == TEXT
