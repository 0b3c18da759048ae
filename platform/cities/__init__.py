"""Cities read from files."""

from nimrod.platform.cities.loader import load_cities, load_city
from nimrod.platform.cities.parse import parse_city
from nimrod.platform.cities.reader import CityFileError

__all__ = ["CityFileError", "load_cities", "load_city", "parse_city"]
