"""Vision transformers (Dosovitskiy et al. 2021) of the sizes tiny and small (Touvron et al. 2021, Table 1)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from prunelit.evaluation.models.parts import scaled

HEADS = {"T": 3, "S": 6}
HEAD_WIDTH, DEPTH = 64, 12


class Attention(nn.Module):
    """Self-attention of several heads."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens that have seen one another."""
        images, number, width = tokens.shape
        parts = self.qkv(tokens).reshape(images, number, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(query, key, value)
        projected: Tensor = self.projection(seen.transpose(1, 2).reshape(images, number, width))
        return projected


class EncoderBlock(nn.Module):
    """Attention and a perceptron, each after normalization and with a shortcut."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.attention = Attention(width, heads)
        self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """The tokens after the block."""
        tokens = tokens + self.attention(self.norm1(tokens))
        return tokens + self.contract(F.gelu(self.expand(self.norm2(tokens))))  # type: ignore[no-any-return]


class VisionTransformer(nn.Module):
    """Patches as tokens, a token for the class, and blocks of attention."""

    def __init__(self, shape: tuple[int, int, int], classes: int, heads: int, patch: int) -> None:
        super().__init__()
        width, patches = heads * HEAD_WIDTH, (shape[1] // patch) * (shape[2] // patch)
        self.patches = nn.Conv2d(shape[0], width, patch, stride=patch)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(torch.zeros(1, patches + 1, width))
        self.blocks = nn.Sequential(*(EncoderBlock(width, heads) for _ in range(DEPTH)))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.classifier = nn.Linear(width, classes)
        self.fixed = tuple(name for name, one in self.named_modules() if isinstance(one, nn.Linear | nn.Conv2d))

    def forward(self, images: Tensor) -> Tensor:
        """Scores of the classes, of shape (images, classes)."""
        tokens = self.patches(images).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.token.expand(len(tokens), -1, -1), tokens], dim=1) + self.positions
        scores: Tensor = self.classifier(self.norm(self.blocks(tokens))[:, 0])
        return scores


def vit(shape: tuple[int, int, int], classes: int, size: str = "S", width: float = 1.0) -> nn.Module:
    """ViT-T or ViT-S, of patches of 16 × 16 pixels, or of 4 × 4 for images smaller than 224 × 224."""
    patch = 16 if shape[1] >= 224 else 4
    return VisionTransformer(shape, classes, scaled(HEADS[size], width), patch)
