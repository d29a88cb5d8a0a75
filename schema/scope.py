"""Scopes: what a number of parameters or operations, or a share of them, is counted over."""

from __future__ import annotations

from typing import Literal

CountScope = Literal["all", "without_embeddings", "pruned_layers", "convolutions", "linear_layers"]
"""The whole model, all of it but the embeddings, the layers that are pruned, the convolutions, or the linear layers."""

OF_WHAT: dict[str, str] = {
    "params": "params_scope",
    "params_kept": "sparsity_scope",
    "params_removed": "sparsity_scope",
    "compression_ratio": "sparsity_scope",
    "flops": "flops_scope",
    "flops_kept": "flops_scope",
    "flops_removed": "flops_scope",
    "speedup": "flops_scope",
    "base_params": "base_params_scope",
    "base_flops": "base_flops_scope",
}
"""The field that holds the scope of each size, cost, share and ratio."""
