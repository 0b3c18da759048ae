"""Reading plain data (from YAML) field by field, so that every complaint names the file, the field and the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from nimrod.domain.shared.geo import Point

MINUTES_A_DAY = 24 * 60


class CityFileError(ValueError):
    """A city file that cannot be used: `file`, `field` (such as `bays[3].at`) and `reason`."""

    def __init__(self, file: str, field: str, reason: str) -> None:
        self.file, self.field, self.reason = file, field, reason
        super().__init__(f"{file}: {field or 'the file'}: {reason}")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and where it stands."""

    value: object
    file: str
    field: str = ""

    def refuse(self, reason: str) -> NoReturn:
        """Raise CityFileError for this field."""
        raise CityFileError(self.file, self.field, reason)

    def only(self, *known: str) -> "Node":
        """This mapping, refused when it has a key that is not known (a typing error would be lost otherwise)."""
        unknown = [key for key in self._mapping() if key not in known]
        if unknown:
            self._at(unknown[0]).refuse(f"is not known here; known are {', '.join(known)}")
        return self

    def need(self, key: str) -> "Node":
        """The field under this key; refused when missing."""
        found = self.find(key)
        return found if found is not None else self._at(key).refuse("is missing")

    def find(self, key: str) -> "Node | None":
        """The field under this key, None when missing or empty."""
        value = self._mapping().get(key)
        return None if value is None else self._at(key, value)

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """Key and field of each line of this mapping; at least one."""
        mapping = self._mapping()
        if not mapping:
            self.refuse("must not be empty")
        for key, value in mapping.items():
            yield str(key), self._at(key, value)

    def rows(self, *, least: int = 0) -> list["Node"]:
        """The items of this list; refused when there are fewer than `least`."""
        if not isinstance(self.value, list):
            self.refuse(f"must be a list, is {self._kind()}")
        if len(self.value) < least:
            self.refuse(f"needs at least {least} items, has {len(self.value)}")
        return [Node(item, self.file, f"{self.field}[{i}]") for i, item in enumerate(self.value)]

    def text(self) -> str:
        """Text that is not blank."""
        if not isinstance(self.value, str):
            self.refuse(f"must be text (in quotes if need be), is {self._kind()}")
        if not self.value.strip():
            self.refuse("must not be blank")
        return self.value.strip()

    def one_of(self, *allowed: str) -> str:
        """One of these words."""
        word = self.text()
        return word if word in allowed else self.refuse(f"must be one of {', '.join(allowed)}, is {word!r}")

    def whole(self, least: int = 0) -> int:
        """A whole number of at least `least`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.refuse(f"must be a whole number, is {self._kind()}")
        return self.value if self.value >= least else self.refuse(f"must be at least {least}, is {self.value}")

    def flag(self) -> bool:
        """true or false."""
        return self.value if isinstance(self.value, bool) else self.refuse(f"must be true or false, is {self._kind()}")

    def point(self) -> Point:
        """[latitude, longitude] in WGS 84 degrees."""
        pair = self.value
        if not isinstance(pair, list) or len(pair) != 2 or any(type(part) not in (int, float) for part in pair):
            self.refuse("must be [latitude, longitude]")
        lat, lon = float(pair[0]), float(pair[1])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.refuse(f"lies outside the earth: {lat}, {lon}")
        return Point(lat, lon)

    def time_of_day(self) -> int:
        """ "HH:MM" from "00:00" to "24:00" as minutes after midnight."""
        hours, colon, minutes = self.text().partition(":")
        if not (colon and len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
            self.refuse('must be a time of day such as "22:00"')
        total = int(hours) * 60 + int(minutes)
        return total if total <= MINUTES_A_DAY else self.refuse('must not be later than "24:00"')

    def _mapping(self) -> dict[object, object]:
        return self.value if isinstance(self.value, dict) else self.refuse(f"must be a mapping, is {self._kind()}")

    def _at(self, key: object, value: object = None) -> "Node":
        return Node(value, self.file, f"{self.field}.{key}" if self.field else str(key))

    def _kind(self) -> str:
        return "empty" if self.value is None else f"{type(self.value).__name__} {str(self.value)[:40]!r}"
