"""Words around a place name that do not tell places apart, folded (lower case, no diacritics). Data, by language."""

_FILLERS = {
    "en": "near nearby the a an at by to from of in on around close next beside outside opposite front somewhere "
    "please thanks there",
    "fi": "lahella lahelta luona luota vieressa edessa kohdalla",
    "sv": "vid nara bredvid fran omkring pa",
    "cs": "u na blizko kolem od ve v vedle poblize",
}
_GENERIC = {
    "en": "station stop railway train tram metro square area district quarter street",
    "fi": "asema rautatieasema tori katu",
    "sv": "station torg gata",
    "cs": "nadrazi stanice namesti ulice",
}
_ENDINGS = {
    "fi": "ssa sta lla lta lle seen hin oon aan een iin n",
    "cs": "ach ech ovi ove ske ska sku em ou e u y a",
}

FILLERS = frozenset(word for words in _FILLERS.values() for word in words.split())
ENDINGS = tuple(sorted({end for ends in _ENDINGS.values() for end in ends.split()}, key=lambda end: -len(end)))
GENERIC = frozenset(word for words in _GENERIC.values() for word in words.split())
