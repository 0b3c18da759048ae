"""Vectors for text, offline: static word vectors shipped in a package, or hashed character n-grams without it."""

import re
from collections.abc import Sequence
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_HASHED_SIZE = 512
_GRAM = 4


@cache
def embedder_name() -> str:
    """Which embedding is used here; part of the index's identity."""
    return "wordllama-256" if find_spec("wordllama") else f"hashed-{_HASHED_SIZE}"


def embed(texts: Sequence[str]) -> Vectors:
    """One unit vector per text."""
    raw = _static(texts) if find_spec("wordllama") else hashed(texts)
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    return np.asarray(raw / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def hashed(texts: Sequence[str]) -> Vectors:
    """Counts of words and character n-grams, hashed into a fixed size."""
    vectors = np.zeros((len(texts), _HASHED_SIZE), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in re.findall(r"\w+", text.lower()):
            padded = f" {word} "
            for gram in (word, *(padded[i : i + _GRAM] for i in range(max(1, len(padded) - _GRAM + 1)))):
                digest = int.from_bytes(blake2b(gram.encode(), digest_size=4).digest(), "big")
                vectors[row, digest % _HASHED_SIZE] += 1.0
    return vectors


def _static(texts: Sequence[str]) -> Vectors:
    return np.asarray(_model().embed(list(texts)), dtype=np.float32)


@cache
def _model() -> Any:
    import wordllama

    folder = Path(wordllama.__file__).parent  # the weights lie in the package, nothing is fetched
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
