"""What a text claims: amounts, clock times, dates, ids, counts. Reading only; judging is in verify.py."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: number for number, word in enumerate(_WORDS)}
NOUNS = {"scooter": "scooter", "bike": "bike", "car": "car", "van": "van", "vehicle": "", "bay": "", "reservation": ""}

_SIGN = r"(?:€|Kč|\$|£|\bEUR\b|\bCZK\b|\bUSD\b|\beuros?\b|\bcrowns?\b|\bkorun\w*|\beuro[a-z]*)"
_AMOUNT = r"\d(?:[\d \u00a0\u202f.,]*\d)?"
_MONEY = re.compile(
    rf"(?P<after>{_AMOUNT})[ \u00a0\u202f]?(?={_SIGN})|{_SIGN}[ \u00a0\u202f]?(?P<before>{_AMOUNT})", re.IGNORECASE
)
_CENTS = re.compile(r"\b(\d{1,3}) ?(?:cents?|ct|snt|haléř\w*)\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d.,])([01]?\d|2[0-3]):([0-5]\d)(?!\d)(?: ?([ap])\.?m\b)?", re.IGNORECASE)
_AM_PM = re.compile(r"(?<![\d:.,])(1[0-2]|0?[1-9]) ?([ap])\.?m\b", re.IGNORECASE)
_NAMED = ((re.compile(r"\b(?:noon|midday)\b", re.I), (12, 0)), (re.compile(r"\bmidnight\b", re.I), (0, 0)))
_ISO_DAY = re.compile(r"\b\d{4}-(\d\d)-(\d\d)")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\.?(?: of)? {_MONTH}(?![a-z])", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)", re.IGNORECASE)
_WEEKDAY_DATE = re.compile(
    rf"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\.?(?: of)? {_MONTH}(?![a-z])", re.I
)
_ID = re.compile(r"(?<![\w/@.-])[A-Za-z]{1,6}[_-](?=[\w-]*\d)[A-Za-z0-9_-]*[A-Za-z0-9](?![\w@])")
_THINGS = r"(scooter|bike|car|van|vehicle|bay|reservation)s"
_COUNT = re.compile(rf"\b(\d{{1,3}}|{'|'.join(NUMBERS)}) (?:(?!per|for|of|min|in)[a-z-]+ )?{_THINGS}\b", re.IGNORECASE)


class Count(NamedTuple):
    """So many of a kind; an empty kind is any."""

    number: int
    kind: str


def amounts(text: str) -> set[Decimal]:
    """Amounts of money, in major units."""
    found = {_decimal(m["after"] or m["before"]) for m in _MONEY.finditer(text)}
    return found | {Decimal(m[1]) / 100 for m in _CENTS.finditer(text)}


def clock_times(text: str) -> set[tuple[int, int]]:
    """Times of day with minutes, or with am and pm, or noon and midnight."""
    found = {_clock(int(m[1]), int(m[2]), m[3]) for m in _CLOCK.finditer(text)}
    found |= {_clock(int(m[1]), 0, m[2]) for m in _AM_PM.finditer(text)}
    return found | {time for pattern, time in _NAMED if pattern.search(text)}


def dates(text: str) -> set[tuple[int, int]]:
    """Days named with their month, as (month, day)."""
    found = {(int(m[1]), int(m[2])) for m in _ISO_DAY.finditer(text)}
    found |= {(MONTHS.index(m[2].lower()) + 1, int(m[1])) for m in _DAY_MONTH.finditer(text)}
    return found | {(MONTHS.index(m[1].lower()) + 1, int(m[2])) for m in _MONTH_DAY.finditer(text)}


def wrong_weekdays(text: str, today: date) -> list[str]:
    """Dates that do not fall on the weekday said, within a year from today."""
    wrong = []
    for m in _WEEKDAY_DATE.finditer(text):
        month, day = MONTHS.index(m[3].lower()) + 1, int(m[2])
        near = [today + timedelta(days=n) for n in range(-60, 300)]
        true = {one.weekday() for one in near if (one.month, one.day) == (month, day)}
        if true and WEEKDAYS.index(m[1].lower()) not in true:
            wrong.append(m[0])
    return wrong


def ids(text: str) -> set[str]:
    """Tokens that look like our ids: letters, a dash or underscore, at least one digit."""
    return {m[0].lower() for m in _ID.finditer(text)}


def counts(text: str) -> set[Count]:
    """How many of something a text speaks of; two or more."""
    found = set()
    for m in _COUNT.finditer(text):
        number = NUMBERS[m[1].lower()] if m[1].lower() in NUMBERS else int(m[1])
        if number > 1:
            found.add(Count(number, NOUNS[m[2].lower()]))
    return found


def loose_times(words: str) -> set[tuple[int, int]]:
    """Every time of day a person may have meant: a bare 9 is 9:00 and 21:00, with its halves and quarters."""
    found = clock_times(words)
    for m in re.finditer(r"(?<!\d)(\d{1,2})(?:[.:h](\d\d))?(?!\d)", words):
        hour, minute = int(m[1]), int(m[2] or 0)
        if hour <= 24 and minute < 60:
            found |= _around(hour, (minute,) if m[2] else (0, 15, 30, 45))
    for word, number in NUMBERS.items():
        if number and re.search(rf"\b{word}\b", words, re.IGNORECASE):
            found |= _around(number, (0, 15, 30, 45))
    return found


def _around(hour: int, minutes: tuple[int, ...]) -> set[tuple[int, int]]:
    hours = {hour % 24, (hour + 12) % 24}
    if len(minutes) > 1:
        hours |= {(one - 1) % 24 for one in hours}
    return {(one, minute) for one in hours for minute in minutes}


def _clock(hour: int, minute: int, half: str | None) -> tuple[int, int]:
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return hour, minute


def _decimal(text: str) -> Decimal:
    digits = re.sub(r"[ \u00a0\u202f]", "", text).rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and len(digits) - last - 1 != 3:
        return Decimal(re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :])
    return Decimal(re.sub(r"[.,]", "", digits))
