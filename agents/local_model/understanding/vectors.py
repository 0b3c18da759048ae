"""Sentence vectors without a network: small static word vectors that ship inside a package."""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

Matrix = np.ndarray[Any, np.dtype[np.float32]]


@cache
def _encoder() -> Any:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama

    encoder = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    root.handlers[:] = handlers  # the package sets up everyone's logging when imported
    root.setLevel(level)
    return encoder


def embed(texts: Sequence[str]) -> Matrix:
    """One unit vector a text (rows); an empty text is the zero vector."""
    rows = np.asarray(_encoder().embed([t or " " for t in texts]), dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    return unit
