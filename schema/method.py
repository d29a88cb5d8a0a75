"""Classification of pruning methods.

The axes are those of Blalock et al. 2020, section 2.3, where the paragraph on scoring holds two: what the scores are,
and which of them are compared.  Each class stands with the source that states it.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from prunelit.schema.model import Model, requires_one_of
from prunelit.schema.patterns import Text


class Classification(Model):
    """One axis of a method's design, with the source that says so."""

    value: str
    """The class, from the vocabulary of its axis."""
    source: Text = Field(examples=["Blalock et al. 2020, section 2.3"])
    """The source that states it, or all that do, joined by 'and'."""


class Structure(Classification):
    """What is removed."""

    value: Literal["unstructured", "structured", "semi_structured", "factorized", "shared", "tokens"] = Field(
        examples=["structured"]
    )
    """unstructured: single parameters; structured: groups of them, such as neurons, filters, channels, heads or layers;
    semi_structured: N of every M parameters, which some sources count as neither.  Beyond pruning, as papers compare
    with it: factorized: layers become products of smaller ones; shared: groups of parameters become equal, as by
    clustering; tokens: no parameters, but what a transformer is given to work on."""


class Scoring(Classification):
    """By what parameters, or groups of them, are ranked."""

    value: Literal["magnitude", "importance_coefficients", "activations", "gradients"] = Field(examples=["magnitude"])
    """magnitude: their absolute values, or a norm of the group; importance_coefficients: coefficients trained for this;
    activations or gradients: what they contribute to those of the network, gradients of second order included."""


class ScoringScope(Classification):
    """Which scores are compared with one another."""

    value: Literal["local", "global"] = Field(examples=["global"])
    """local: those of one layer or another part of the network, each part pruned by itself; global: those of the whole
    network."""


class Scheduling(Classification):
    """How much is removed at each step."""

    value: Literal["one_shot", "iterative", "gradual"] = Field(examples=["one_shot"])
    """one_shot: everything in a single step; iterative: a fixed fraction in each of several steps; gradual: at a rate
    that follows a more complex function."""


class FineTuning(Classification):
    """How training goes on after pruning."""

    value: Literal["trained_weights", "rewinding", "reinitialization"] = Field(examples=["rewinding"])
    """trained_weights: from the weights that were trained before pruning; rewinding: from those of an earlier state of
    the network; reinitialization: from random ones."""


class TargetArchitecture(Classification):
    """Who decides how wide each layer of the pruned network is (Liu et al. 2019, Figure 2)."""

    value: Literal["predefined", "automatic"] = Field(examples=["predefined"])
    """predefined: the user, before pruning; automatic: the method."""


class Method(Model):
    """A pruning method that the paper is about, on the survey's axes (Blalock et al. 2020, section 2.3)."""

    AXES: ClassVar[tuple[str, ...]] = (
        "structure", "scoring", "scoring_scope", "scheduling", "fine_tuning", "target_architecture",
    )  # fmt: skip
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(requires_one_of(("name", *Method.AXES))))

    name: Text | None = Field(default=None, examples=["PFA-En"])
    """The method's name, as the paper prints it; absent where the source gives the paper's one method no name."""
    structure: Structure | None = None
    """What is removed: single parameters (unstructured) or groups of them (structured)."""
    scoring: Scoring | None = None
    """By what parameters are ranked: magnitude, importance_coefficients, activations or gradients."""
    scoring_scope: ScoringScope | None = None
    """Which scores are compared: those within a part of the network (local) or all of them (global)."""
    scheduling: Scheduling | None = None
    """How much is removed at each step: one_shot, iterative (a fixed fraction), or gradual (another function)."""
    fine_tuning: FineTuning | None = None
    """How training goes on after pruning: from trained_weights, by rewinding, or by reinitialization."""
    target_architecture: TargetArchitecture | None = None
    """Whether the user fixes the pruned architecture or the method finds it (Liu et al. 2019, Figure 2)."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("empty_method", "a method needs a name, or a class such as its 'structure'")
        return self
