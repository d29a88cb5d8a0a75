"""A small corpus in a repository, of which tests make a release."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from prunelit.analysis.release.checksums import SUMS, as_sums, folder_sums
from prunelit.schema.corpus import shipped

NAME = "prunelit-2026.11.0"
"""What the release of the corpus is called."""
WITHOUT = "claims"
"""The table that is left out of it: it is made of the 2020 survey alone, which the small corpus does not hold."""

FIRST = """schema_version: 2
id: first2015paper
title: "=1+1 weights, pruned"
authors:
  - Lovelace, Ada
published: {year: 2015, month: 3}
identifiers: {arxiv: "1503.01230"}
collections: [living]
methods:
  - name: "'quoted"
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [living]
    base_top1: 71.50
    base_params: 138M
    curves:
      - origin: own
        method: "'quoted"
        points:
          - top1: 71.0
            compression_ratio: 2
          - top1: 70.10
            compression_ratio: 4.0
  - dataset: CIFAR-10
    architecture: VGG-16
    collections: [living]
"""
SECOND = """schema_version: 2
id: second2016paper
title: Weights, pruned again
authors:
  - Hopper, Grace
published: {year: 2016}
collections: [living]
compares_to:
  - first2015paper
methods:
  - name: Sweep
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [living]
    base_top1: 71.60
    curves:
      - origin: own
        method: Sweep
        sweep: true
        points_file: second2016paper-vgg-16.csv
"""
SWEEP = "top1,params_kept,setting:seed\n71.20,0.50,1\n70.80,0.250,1\n"


def git(top: Path, *arguments: str) -> None:
    """Run git in a repository, whoever the user is and whatever she has set up."""
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    when = {f"GIT_{who}_DATE": "2026-11-27T12:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    command = ["git", "-C", str(top), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | identity | alone | when)


def commit(top: Path, *tags: str) -> None:
    """Commit everything in a repository, and tag it."""
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "x")
    for tag in tags:
        git(top, "tag", tag)


def resealed(release: Path) -> None:
    """Make the sums of a release anew, as one would who altered it on purpose."""
    (release / SUMS).write_text(as_sums(folder_sums(release)), encoding="utf-8")


def repository_in(top: Path) -> Path:
    """A repository with two papers and everything that records share."""
    corpus = top / "corpus"
    shutil.copytree(shipped(), corpus, ignore=shutil.ignore_patterns("*.csv", "papers", "manifest.yaml"))
    for name in ("acknowledgements", "corrections", "exclusions", "groups", "methods"):
        (corpus / f"{name}.yaml").write_text(f"{name}: []\n")
    collections = corpus / "collections.yaml"
    collections.write_text(re.sub(r"    closed: .*\n", "", collections.read_text(encoding="utf-8")), encoding="utf-8")
    (corpus / "papers").mkdir()
    (corpus / "papers" / "first2015paper.yaml").write_text(FIRST, encoding="utf-8")
    (corpus / "papers" / "second2016paper.yaml").write_text(SECOND, encoding="utf-8")
    (corpus / "sweeps" / "second2016paper-vgg-16.csv").write_text(SWEEP, encoding="utf-8")
    root = Path(__file__).parents[1]
    for name in ("CITATION.cff", "LICENSE-DATA"):
        shutil.copy(root / name, top)
    git(top, "init", "--quiet")
    return top
