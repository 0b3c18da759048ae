"""City files from the package, or from another folder."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import NotFound
from nimrod.platform.cities.parse import parse_city
from nimrod.platform.cities.reader import CityFileError


def load_city(city_id: str, folder: Path | None = None) -> City:
    """The city of `<city_id>.yaml`; raises NotFound with the known ids, CityFileError for a file that is wrong."""
    known = _files(folder)
    if city_id not in known:
        raise NotFound(city_id=city_id, known=sorted(known))
    return _read(known[city_id]) if folder else _shipped(city_id)


def load_cities(folder: Path | None = None) -> Mapping[str, City]:
    """Every city of the folder (None: the shipped ones) by its id, in order of id; raises CityFileError."""
    return {city_id: load_city(city_id, folder) for city_id in sorted(_files(folder))}


@lru_cache
def _shipped(city_id: str) -> City:
    return _read(_files(None)[city_id])


def _files(folder: Path | None) -> dict[str, Traversable]:
    root: Traversable = folder or files("nimrod.cities")
    return {item.name.removesuffix(".yaml"): item for item in root.iterdir() if item.name.endswith(".yaml")}


def _read(file: Traversable) -> City:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise CityFileError(file.name, "", f"is not YAML: {reason}") from error
    except UnicodeDecodeError as error:
        raise CityFileError(file.name, "", "is not UTF-8 text") from error
    city = parse_city(raw, file=file.name)
    if f"{city.city_id}.yaml" != file.name:
        raise CityFileError(file.name, "city_id", f"must be the file's name, is {city.city_id!r}")
    return city
