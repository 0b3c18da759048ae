"""Rewriting rules that make durations and clock times out of numbers and words, by codes alone: no language in here.

`Q90` is ninety minutes; `K9:30a` a clock time that may mean evening too; `K21:30f` one that may not.
"""

import re
from collections.abc import Callable

from nimrod.agents.local_model.grammar.terms import Rule

NUM = r"(?:A|N(\d+(?:\.\d+)?)w?) "
HOUR = r"N(\d{1,2})w? "
NO_UNIT = r"(?!U\d|V|KM|Q|%|€|\.\d|ID)"
DAY = r"(?:D-?\d+|N?W\d|Y[\d-]\S*|PMO|PAF|PEV|PLU|PNI)"


def _rule(pattern: str, make: Callable[[re.Match[str]], str | None]) -> Rule:
    return re.compile(r"(?<!\S)" + pattern), make


def _n(text: str | None) -> float:
    return 1.0 if text is None else float(text)


def _minutes(amount: float) -> str | None:
    return f"Q{round(amount)}" if 0 < amount <= 60 * 24 * 60 else None


def _clock(hour: int, minute: int, *, fixed: bool = False) -> str | None:
    if hour > 24 or minute > 59 or hour < 0:
        return None
    is_fixed = fixed or hour > 12 or hour == 0
    return f"K{hour}:{minute:02d}{'f' if is_fixed else 'a'}"


def _halved(hour: str, minute: str, half: str) -> str | None:
    """A clock time with am or pm behind it."""
    value = int(hour)
    if not 1 <= value <= 12:
        return _clock(value, int(minute), fixed=True)
    return _clock(value % 12 + (12 if half == "PM" else 0), int(minute), fixed=True)


def _evening(hour: int) -> int:
    """The hour after noon that is meant: 9 in the evening is 21, 12 at night is midnight."""
    return 24 if hour == 12 else hour + 12


def _night(hour: int) -> int:
    """The hour of a night: 10 is 22, 12 midnight, 3 is 3."""
    return hour if hour <= 5 else _evening(hour)


def _before(hour: str, minutes: int) -> str | None:
    value = int(hour) * 60 - minutes
    return _clock(value // 60, value % 60) if 0 <= value < 24 * 60 and int(hour) <= 12 else None


DURATIONS: list[Rule] = [
    _rule(r"ANOTHER (?=A |N\d|U\d|HALF |QUARTER )", lambda m: "MORE"),
    _rule(r"N([2-9]0)w (?:- )?N([1-9])w ", lambda m: f"N{int(m[1]) + int(m[2])}w"),
    _rule(NUM + r"AND (?:A )?HALF U(\d+) ", lambda m: _minutes((_n(m[1]) + 0.5) * int(m[2]))),
    _rule(NUM + r"U(\d+) AND (?:A )?HALF ", lambda m: _minutes((_n(m[1]) + 0.5) * int(m[2]))),
    _rule(NUM + r"U(\d+) AND (?:A )?QUARTER ", lambda m: _minutes((_n(m[1]) + 0.25) * int(m[2]))),
    _rule(r"(?:A )?HALF (?:OF )?(?:A |THE )?U(\d+) ", lambda m: _minutes(0.5 * int(m[1]))),
    _rule(r"N3w? QUARTER (?:OF )?(?:A |THE )?U60 ", lambda m: "Q45"),
    _rule(r"(?:A )?QUARTER (?:OF )?(?:A |THE )?U60 ", lambda m: "Q15"),
    _rule(NUM + r"U60 (?:AND )?" + r"N(\d+)w? U1 ", lambda m: _minutes(_n(m[1]) * 60 + int(m[2]))),
    _rule(r"N(\d+) U60 N(\d{2}) " + NO_UNIT, lambda m: _minutes(int(m[1]) * 60 + int(m[2]))),
    _rule(NUM + r"U(\d+) ", lambda m: _minutes(_n(m[1]) * int(m[2]))),
    _rule(r"U(\d+) (?=MORE|LESS|LATER|EARLIER)", lambda m: _minutes(int(m[1]))),
    _rule(r"(FOR|MORE|IN|NEXT) (?:THE )?U(\d+) ", lambda m: f"{m[1]}Q{m[2]}"),
    _rule(r"NEXT Q(\d+) ", lambda m: f"NEXTQ{m[1]}"),
    _rule(r"WHOLE (?:U1440|Q1440) ", lambda m: "WHOLE"),
    _rule(r"N([3-9])w? PEOPLE ", lambda m: "Hcar"),
]

CLOCKS: list[Rule] = [
    _rule(r"C(\d+):(\d+)f? (AM|PM) ", lambda m: _halved(m[1], m[2], m[3])),
    _rule(HOUR + r"(?:OCLOCK )?(AM|PM) ", lambda m: _halved(m[1], "0", m[2])),
    _rule(HOUR + r"(?=(?:UNTIL|TO|-) K\d+:\d+f )", lambda m: _clock(int(m[1]), 0)),
    _rule(r"HALF PAST " + HOUR, lambda m: _clock(int(m[1]), 30)),
    _rule(r"HALFTO " + HOUR, lambda m: _before(m[1], 30)),
    _rule(r"HALF " + HOUR + NO_UNIT, lambda m: _clock(int(m[1]), 30)),
    _rule(r"(?:A )?QUARTER PAST " + HOUR, lambda m: _clock(int(m[1]), 15)),
    _rule(r"(?:A )?QUARTER (?:TO|UNTIL) " + HOUR, lambda m: _before(m[1], 15)),
    _rule(r"N(5|10|20|25)w? PAST " + HOUR, lambda m: _clock(int(m[2]), int(m[1]))),
    _rule(r"Q(5|10|15|20|25) PAST " + HOUR, lambda m: _clock(int(m[2]), int(m[1]))),
    _rule(r"N(20|25)w TO N(\d{1,2})w ", lambda m: _before(m[2], int(m[1]))),
    _rule(r"Q(5|10|15|20|25) TO " + HOUR, lambda m: _before(m[2], int(m[1]))),
    _rule(r"N([1-9]|1[0-2])w N(15|20|30|40|45|50)w " + NO_UNIT, lambda m: _clock(int(m[1]), int(m[2]))),
    _rule(r"C(\d+):(\d+)(f?) ", lambda m: _clock(int(m[1]), int(m[2]), fixed=bool(m[3]))),
    _rule(HOUR + r"OCLOCK ", lambda m: _clock(int(m[1]), 0)),
    _rule(
        HOUR + r"(?=(?:UNTIL|TO|-) (?:AT )?(?:N\d|K\d|" + DAY + r" (?:AT )?(?:N\d|K\d)))",
        lambda m: _clock(int(m[1]), 0),
    ),
    _rule(r"(?<=FROM )" + HOUR + NO_UNIT, lambda m: _clock(int(m[1]), 0)),
    _rule(r"(?<=AT )" + HOUR + NO_UNIT.replace("Q|", ""), lambda m: _clock(int(m[1]), 0)),
    _rule(r"(?<=UNTIL )" + HOUR + NO_UNIT, lambda m: _clock(int(m[1]), 0)),
    _rule(r"(?<=FOR )" + HOUR + NO_UNIT + "(?!x )", lambda m: _clock(int(m[1]), 0)),
    _rule(r"(?<=PAST )" + HOUR + NO_UNIT, lambda m: _clock(int(m[1]), 0)),
    _rule(HOUR + rf"(?=(?:IN |ON |THE )*{DAY} )", lambda m: _clock(int(m[1]), 0)),
]
IN_PART: list[Rule] = [
    _rule(r"K(\d+):(\d+)a PMO ", lambda m: _clock(int(m[1]) % 12, int(m[2]), fixed=True)),
    _rule(r"K(\d+):(\d+)a P(?:AF|EV) ", lambda m: _clock(_evening(int(m[1])), int(m[2]), fixed=True)),
    _rule(r"K(\d+):(\d+)a PNI ", lambda m: _clock(_night(int(m[1])), int(m[2]), fixed=True)),
]
AFTER_DAY = re.compile(rf"(?<!\S)({DAY}) (?:, )?{HOUR}{NO_UNIT}")
AFTER_CLOCK = re.compile(rf"(?<!\S)(?:(K\d\S*) (UNTIL|TO|-|AND) (?:AT )?|FROM K\d\S* ){HOUR}{NO_UNIT}")

DATES: list[Rule] = [
    _rule(r"(?:N(\d{1,2})w?|O(\d{1,2})) (?:OF )?[Mm](\d+) ", lambda m: _date(m[1] or m[2], m[3])),
    _rule(r"[Mm](\d+) (?:THE )?(?:N(\d{1,2})w?|O(\d{1,2})) " + NO_UNIT, lambda m: _date(m[2] or m[3], m[1])),
    _rule(r"NEXT W(\d) ", lambda m: f"NW{m[1]}"),
    _rule(r"(?:THIS )W(\d) ", lambda m: f"W{m[1]}"),
    _rule(r"(?:ON |THIS |NEXT )w(\d) ", lambda m: f"W{m[1]}"),
    _rule(r"w(\d) (?=(?:AT |, |THE |PMO|PEV|PAF|PNI|K|C\d|N\d|O\d|Y|FROM ))", lambda m: f"W{m[1]}"),
    _rule(r"W\d (?:, |THE )*O(\d{1,2}) (?!V|ONE)", lambda m: _date(m[1], None)),
    _rule(r"W\d (?:, |THE )*N(2[5-9]|3[01]) " + NO_UNIT, lambda m: _date(m[1], None)),
    _rule(r"W\d (?:, |THE )*(Y[\d-]\S*) ", lambda m: m[1]),
    _rule(r"(Y[\d-]\S*|D\d) (?:, )?W\d ", lambda m: m[1]),
    _rule(r"IN Q(\d+) (?!U)", lambda m: f"D{int(m[1]) // 1440}" if int(m[1]) % 1440 == 0 else None),
    _rule(r"INQ(1440|10080) ", lambda m: f"D{int(m[1]) // 1440}"),
    _rule(r"NEXT U10080 ", lambda m: "D7"),
]


def _date(day: str, month: str | None) -> str | None:
    """`Y-11-29`, or `Y--29` when no month was said."""
    if not 1 <= int(day) <= 31:
        return None
    return f"Y-{int(month):02d}-{int(day):02d}" if month else f"Y--{int(day):02d}"
