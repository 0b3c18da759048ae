"""The ways a day is named in a reply: numbers, month names, weekdays, today and tomorrow; English, Finnish, Czech."""

from datetime import date, timedelta

MONTHS = (
    r"jan\w*|tammi\w*|ledna",
    r"feb\w*|helmi\w*|února",
    r"mar\w*|maalis\w*|března",
    r"apr\w*|huhti\w*|dubna",
    r"may|touko\w*|května",
    r"jun\w*|kesä\w*|června",
    r"jul\w*|heinä\w*|července",
    r"aug\w*|elo\w*|srpna",
    r"sep\w*|syys\w*|září",
    r"oct\w*|loka\w*|října",
    r"nov\w*|marras\w*|listopadu",
    r"dec\w*|joulu\w*|prosince",
)
WEEKDAYS = (
    r"mon(?:day)?|maanantai\w*|ma|ponděl\w*",
    r"tue(?:s(?:day)?)?|tiistai\w*|ti|úter\w*",
    r"wed(?:nesday)?|keskiviik\w*|ke|střed\w*",
    r"thu(?:r(?:s(?:day)?)?)?|torstai\w*|to|čtvrt\w*",
    r"fri(?:day)?|perjantai\w*|pe|pát\w*",
    r"sat(?:urday)?|lauantai\w*|la|sobot\w*",
    r"sun(?:day)?|sunnuntai\w*|su|neděl\w*",
)
NEAR = {
    0: r"today|tonight|tänään|tänä iltana|dnes\w*",
    1: r"tomorrow|huomen\w*|huomis\w*|zítra|zítř\w*",
    -1: r"yesterday|eilen|včera",
}


def day_words(day: date, today: date) -> list[str]:
    """Patterns for every usual name of the day, as seen from `today`."""
    d, m, month = day.day, day.month, MONTHS[day.month - 1]
    forms = [
        day.isoformat(),
        rf"(?<!\d)0?{d}[./] ?0?{m}(?!\d)",
        rf"(?<!\d)0?{m}/0?{d}(?!\d)",
        rf"(?<!\d)0?{d}(?:st|nd|rd|th|\.)? (?:of )?(?:{month})\b",
        rf"\b(?:{month}),? 0?{d}(?:st|nd|rd|th)?(?!\d)",
    ]
    ahead = (day - today) // timedelta(days=1)
    if ahead in NEAR:
        forms.append(rf"\b(?:{NEAR[ahead]})\b")
    if 0 <= ahead <= 7:
        forms.append(rf"\b(?:{WEEKDAYS[day.weekday()]})\b")
    return forms
