"""A wrong city file says which file, which field, and why."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from nimrod.domain.shared.errors import NotFound
from nimrod.platform.cities import CityFileError, load_cities, load_city, parse_city

GOOD: dict[str, Any] = {
    "city_id": "tampere",
    "names": {"en": "Tampere", "fi": "Tampere"},
    "country": "FI",
    "currency": "EUR",
    "time_zone": "Europe/Helsinki",
    "languages": ["en", "fi"],
    "centre": [61.4978, 23.7610],
    "max_open_reservations": 2,
    "rules": {"bike": {"mode": "hold", "max_ahead_min": 30, "hold_min": 15, "max_ride_min": 720}},
    "tariffs": {
        "bike": {
            "unlock_minor": 80, "minute_minor": 15, "bands": [{"from": "22:00", "to": "24:00", "minute_minor": 9}],
        },
    },
    "places": [{"id": "station", "names": {"en": "Station"}, "at": [61.4985, 23.7730], "aliases": ["Asema"]}],
    "bays": [
        {"id": "b1", "name": "Station", "at": [61.4985, 23.7730], "radius_m": 20, "types": ["bike"], "capacity": 5},
    ],
    "zones": [{"id": "z1", "name": "Rapids", "rule": "slow", "ring": [[61.49, 23.76], [61.5, 23.76], [61.5, 23.77]]}],
}  # fmt: skip


def wrong(change: Callable[[dict[str, Any]], object]) -> CityFileError:
    raw = copy.deepcopy(GOOD)
    change(raw)
    with pytest.raises(CityFileError) as refused:
        parse_city(raw, file="tampere.yaml")
    return refused.value


def put(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    """Sets `a.0.b` in the raw data."""

    def change(raw: dict[str, Any]) -> None:
        *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
        node: Any = raw
        for step in way:
            node = node[step]
        node[last] = value

    return change


def test_a_city_of_plain_data_parses() -> None:
    city = parse_city(GOOD, file="tampere.yaml")
    assert (city.city_id, city.support_phone, list(city.rules)) == ("tampere", "", ["bike"])
    assert city.tariffs["bike"].bands[0].from_min == 1320
    assert (city.places[0].aliases, city.bays[0].charger) == (("Asema",), False)


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("currency", "euro", "currency", "3 capital letters"),
        ("country", False, "country", "must be text"),
        ("time_zone", "Europe/Tampere", "time_zone", "no IANA time zone"),
        ("time_zone", "../../etc/passwd", "time_zone", "no IANA time zone"),
        ("city_id", "../x", "city_id", "only letters"),
        ("languages", [], "languages", "at least 1"),
        ("centre", [23.7, 161.4, 3], "centre", "[latitude, longitude]"),
        ("centre", [91, 23.7], "centre", "outside the earth"),
        ("centre", [float("nan"), 23.7], "centre", "outside the earth"),
        ("max_open_reservations", 0, "max_open_reservations", "at least 1"),
        ("max_open_reservations", True, "max_open_reservations", "whole number"),
        ("rules", {}, "rules", "must not be empty"),
        ("rules.bike.mode", "rent", "rules.bike.mode", "one of hold, booking"),
        ("rules.bike.hold_min", 2.5, "rules.bike.hold_min", "whole number"),
        ("rules.bike.hold_minutes", 5, "rules.bike.hold_minutes", "not known here"),
        ("rules.bike.min_ride_min", 721, "rules.bike.min_ride_min", "must not exceed"),
        ("rules.boat", {}, "rules.boat", "not known here"),
        ("tariffs.bike.minute_minor", -1, "tariffs.bike.minute_minor", "at least 0"),
        ("tariffs.bike.unlock_minor", "0.80", "tariffs.bike.unlock_minor", "whole number"),
        ("tariffs.bike.day_cap_minor", 0, "tariffs.bike.day_cap_minor", "at least 1"),
        ("tariffs.bike.bands.0.to", "25:00", "tariffs.bike.bands[0].to", "24:00"),
        ("tariffs.bike.bands.0.to", 1320, "tariffs.bike.bands[0].to", "must be text"),
        ("tariffs.bike.bands.0.from", "ten", "tariffs.bike.bands[0].from", "time of day"),
        ("tariffs.bike.bands.0.to", "06:00", "tariffs.bike.bands[0]", "split a band at midnight"),
        ("tariffs.car", {"unlock_minor": 1, "minute_minor": 1}, "tariffs", "same vehicle types"),
        ("places", [], "places", "at least 1"),
        ("places.0.names", {}, "places[0].names", "must not be empty"),
        ("places.0.names.en", " ", "places[0].names.en", "blank"),
        ("places.0.at", [23.7730, 61.4985], "places[0].at", "latitude comes first"),
        ("bays.0.types", ["tram"], "bays[0].types[0]", "one of scooter"),
        ("bays.0.charger", "yes", "bays[0].charger", "true or false"),
        ("zones.0.rule", "fast", "zones[0].rule", "one of no_parking"),
        ("zones.0.ring", [[61.49, 23.76], [61.5, 23.76]], "zones[0].ring", "at least 3"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_field_and_reason(path: str, value: object, field: str, reason: str) -> None:
    error = wrong(put(path, value))
    assert (error.file, error.field) == ("tampere.yaml", field)
    assert reason in error.reason
    assert str(error) == f"tampere.yaml: {field}: {error.reason}"


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_missing_field_is_named(key: str) -> None:
    error = wrong(lambda raw: raw.pop(key))
    assert (error.field, error.reason) == (key, "is missing")


def test_the_same_id_twice_is_refused() -> None:
    error = wrong(lambda raw: raw["bays"].append(raw["bays"][0]))
    assert (error.field, error.reason) == ("bays[1].id", "'b1' is there twice")


def test_bands_must_not_overlap() -> None:
    error = wrong(
        lambda raw: raw["tariffs"]["bike"]["bands"].append({"from": "23:00", "to": "24:00", "minute_minor": 1})
    )
    assert error.field == "tariffs.bike.bands[1]"


@pytest.mark.parametrize("raw", [None, [], "text", 5])
def test_a_file_that_is_no_mapping_is_refused(raw: object) -> None:
    with pytest.raises(CityFileError, match=r"x\.yaml: the file: must be a mapping"):
        parse_city(raw, file="x.yaml")


def test_a_folder_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "tampere.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    assert list(load_cities(tmp_path)) == ["tampere"]
    assert load_city("tampere", tmp_path).names["fi"] == "Tampere"


@pytest.mark.parametrize(
    ("text", "reason"), [("a: [", "is not YAML"), ("a: !!python/object:os.system {}", "is not YAML")]
)
def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CityFileError, match=reason):
        load_city("bad", tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes("names: {fi: Jyväskylä}".encode("latin-1"))
    with pytest.raises(CityFileError, match="UTF-8"):
        load_city("bad", tmp_path)


def test_the_file_is_named_as_the_city(tmp_path: Path) -> None:
    (tmp_path / "turku.yaml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    with pytest.raises(CityFileError, match="must be the file's name"):
        load_city("turku", tmp_path)


@pytest.mark.parametrize("city_id", ["atlantis", "", "../helsinki", "helsinki.yaml", "HELSINKI"])
def test_an_unknown_city_says_which_are_known(city_id: str) -> None:
    with pytest.raises(NotFound) as refused:
        load_city(city_id)
    assert refused.value.facts["known"] == ["helsinki", "prague"]
