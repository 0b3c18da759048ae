"""The intent of a masked text: logistic regression over sentence vectors and letter groups, trained when loaded."""

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from nimrod.agents.local_model.grammar.lexicon import read_data
from nimrod.agents.local_model.understanding.masking import mask
from nimrod.agents.local_model.understanding.vectors import embed

LETTERS = 0.6  # weight of letter groups against meaning
WORDS = 0.9
C = 12.0
WORD = r"(?u)\b\w+\b"


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent with how sure the classifier is (0 to 1), and the one it thought of next."""

    intent: str
    confidence: float
    second: str = ""
    second_confidence: float = 0.0


class IntentClassifier:
    """Trained on the utterance bank of one language; the same bank always gives the same classifier."""

    def __init__(self, bank: dict[str, list[str]], language: str) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        pairs = [(mask(str(text), language), intent) for intent, texts in bank.items() for text in texts]
        texts, labels = [p[0] for p in pairs], [p[1] for p in pairs]
        self._letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, max_features=2500)
        self._words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD, max_features=1500)
        self._letters.fit(texts)
        self._words.fit(texts)
        features = self._features(texts)
        model = LogisticRegression(C=C, max_iter=80, tol=1e-3)
        with warnings.catch_warnings(), threadpool_limits(1):  # threads of a small problem only wait for each other
            warnings.simplefilter("ignore")  # a few more rounds would change nothing that matters
            turn = _rotation(features)
            model.fit(features @ turn, labels)
            self._weights, self._bias = turn @ model.coef_.T, model.intercept_
        self.intents = tuple(str(name) for name in model.classes_)

    def _features(self, texts: list[str]) -> Any:
        letters = self._letters.transform(texts).toarray() * LETTERS
        words = self._words.transform(texts).toarray() * WORDS
        return np.hstack([embed(texts), words, letters]).astype(np.float32)

    def guess(self, masked: str) -> Guess:
        """The likeliest intent of a masked text."""
        scores = (self._features([masked]) @ self._weights)[0] + self._bias
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        first, second = np.argsort(-chances, kind="stable")[:2]
        return Guess(self.intents[first], float(chances[first]), self.intents[second], float(chances[second]))


def _rotation(features: Any) -> Any:
    """Orthonormal columns that span the examples: the same regression with six times fewer weights to find."""
    values, vectors = np.linalg.eigh(features @ features.T)
    kept = values > 1e-5 * values[-1]
    return features.T @ (vectors[:, kept] / np.sqrt(values[kept]))


@cache
def classifier(language: str) -> IntentClassifier | None:
    """The language's classifier, or None when the language has no bank."""
    bank = read_data(language, "bank")
    return IntentClassifier(bank, language) if bank else None
