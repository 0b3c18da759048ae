"""Whether a fact is in a reply, however it is worded: amounts, times and days in the forms people use."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from nimrod.domain.customer.pricing.policy import quote
from nimrod.domain.shared.city import City
from nimrod.evals.form.base import moment
from nimrod.evals.form.said import Said
from nimrod.evals.oracles.days import day_words

_SIGNS = {"EUR": r"(?:€|eur\w*|euro\w*)", "CZK": r"(?:kč|czk|kc|korun\w*|koruny|crowns?)"}


@dataclass(frozen=True, slots=True)
class Context:
    """What is needed to read a reply: the city (currency, zone, tariff) and the hour it was said at."""

    city: City
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(ZoneInfo(self.city.time_zone)).date()


def plain(text: str) -> str:
    """Lower case, single spaces, no Markdown marks, straight quotes: what is compared."""
    text = text.replace("’", "'").replace("‘", "'").replace("−", "-").replace("–", "-")
    text = re.sub(r"[*_`#|]+", " ", text)
    return re.sub(r"\s+", " ", text).casefold().strip()


def is_said(fact: Said, text: str, about: Context) -> bool:
    """Whether `text` carries the fact."""
    if fact.any:
        return any(is_said(one, text, about) for one in fact.any)
    if fact.all:
        return all(is_said(one, text, about) for one in fact.all)
    if fact.text:
        return plain(fact.text) in plain(text)
    return re.search(pattern_of(fact, about), plain(text), re.IGNORECASE) is not None


def pattern_of(fact: Said, about: Context) -> str:
    """The regular expression of a fact that is not plain words."""
    if fact.regex:
        return fact.regex
    if fact.time:
        return _time_pattern(fact.time)
    if fact.date:
        return "|".join(day_words(date.fromisoformat(fact.date), about.today))
    minor = fact.amount
    if fact.quote is not None:
        start = moment(fact.quote.start, about.city.time_zone) if fact.quote.start else about.now
        minor = quote(fact.quote.vehicle_type, start, fact.quote.minutes, city=about.city).total_minor
    assert minor is not None
    return _amount_pattern(minor, about.city.currency)


def sample(fact: Said, about: Context) -> str:
    """Words that carry the fact; empty when only a writer could know them (a regular expression)."""
    if fact.any:
        return next((words for one in fact.any if (words := sample(one, about))), "")
    if fact.all:
        return " ".join(sample(one, about) for one in fact.all)
    if fact.text or fact.time or fact.date:
        return fact.text or fact.time or fact.date
    if fact.regex:
        return ""
    minor = fact.amount
    if fact.quote is not None:
        start = moment(fact.quote.start, about.city.time_zone) if fact.quote.start else about.now
        minor = quote(fact.quote.vehicle_type, start, fact.quote.minutes, city=about.city).total_minor
    assert minor is not None
    return f"{minor / 100:.2f} {about.city.currency}"


def describe(fact: Said) -> str:
    """The fact as it is shown in a report."""
    kept = fact.model_dump(exclude_defaults=True, exclude_none=True)
    return fact.text if set(kept) == {"text"} else str(kept)


@lru_cache(maxsize=512)
def _amount_pattern(minor: int, currency: str) -> str:
    whole, cents = divmod(abs(minor), 100)
    digits = str(whole)
    grouped = rf"{digits[:-3]}[ ,.']?{digits[-3:]}" if len(digits) > 3 else digits
    sign = _SIGNS.get(currency, re.escape(currency.lower()))
    exact = rf"(?<![\d.,]){grouped}[.,]{cents:02d}(?!\d)"
    if cents:
        return exact
    bare = rf"{sign} ?{grouped}(?![.,]?\d)|(?<![\d.,]){grouped}(?:[.,]-)? ?{sign}"
    nothing = (
        "|free of charge|no (?:fee|charge)|costs? nothing|for free|free\\b|ilmai|maksutta|zdarma|bez poplatku"
        if not minor
        else ""
    )
    return f"{exact}|{bare}{nothing}"


@lru_cache(maxsize=512)
def _time_pattern(clock: str) -> str:
    hour, minute = int(clock[:2]), clock[3:]
    twelve, half = (hour % 12) or 12, "a" if hour < 12 else "p"
    forms = [rf"(?<![\d:.])0?{hour}[:.]{minute}(?![\d])", rf"(?<![\d:.]){twelve}[:.]{minute} ?{half}\.?m"]
    if minute == "00":
        forms.append(rf"(?<![\d:.]){twelve} ?{half}\.?m\b")
        forms.append(rf"(?:klo|at|from|until|till|to|by|v|od|do|kello) {hour}(?![\d:.]\d)")
        forms.append(rf"(?<![\d:.]){twelve} o'?clock")
        forms += {12: [r"\bnoon\b", r"keskipäiv", r"poledn"], 0: [r"midnight", r"keskiyö", r"půlnoc"]}.get(hour, [])
    return "|".join(forms)
