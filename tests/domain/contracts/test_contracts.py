"""Events keep their shape: the published schemas are what the code says, and a breaking change needs a new version."""

import copy
import json
import runpy
import sys
from pathlib import Path

import pytest
from customer_fakes import NOON, World
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nimrod.domain.contracts import catalogue
from nimrod.domain.contracts.catalogue import CATALOGUE, VehicleUpdatedV1, find_body
from nimrod.domain.contracts.events import Event
from nimrod.domain.contracts.schemas import list_breaks, render_all, schema_of
from nimrod.domain.customer.reservations import service
from nimrod.domain.shared.errors import BadInput

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "contracts"
UPDATED = VehicleUpdatedV1(
    vehicle_id="veh_1", city_id="helsinki", vehicle_type="car", model="Kangoo", lat=60.1, lon=24.9, battery_pct=80,
    range_km=200.0, state="available", note="",
)  # fmt: skip


def test_every_published_schema_is_still_kept() -> None:
    now = render_all()
    for file in PUBLISHED.glob("*.json"):
        assert file.name in now, f"{file.name} was published and is gone"
        assert list_breaks(json.loads(file.read_text(encoding="utf-8")), json.loads(now[file.name])) == []


def test_the_published_schemas_are_what_the_code_says() -> None:
    assert {file.name: file.read_text(encoding="utf-8") for file in PUBLISHED.glob("*.json")} == render_all()


def test_each_type_and_version_is_there_once() -> None:
    assert len(catalogue.BY_NAME) == len(CATALOGUE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda new: new["properties"].pop("note"), "note is gone"),
        (lambda new: new["properties"]["lat"].update(type="string"), "lat may now be string"),
        (lambda new: new["properties"]["note"].update(type=["string", "null"]), "note may now be null"),
        (lambda new: new["required"].remove("note"), "note may now be missing"),
        (lambda new: new.update({"x-subject": "city_id"}), "x-subject is another"),
    ],
)
def test_a_breaking_change_is_named(change, said: str) -> None:
    old = schema_of(VehicleUpdatedV1)
    new = copy.deepcopy(old)
    change(new)
    assert list_breaks(old, new) == [said]


def test_a_new_field_or_a_narrower_type_breaks_nobody() -> None:
    old = schema_of(VehicleUpdatedV1)
    new = copy.deepcopy(old)
    new["properties"]["colour"] = {"type": "string"}
    new["properties"]["lat"] = {"type": "integer"}
    assert list_breaks(old, new) == []


def run_command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["contracts", str(folder)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("nimrod.domain.contracts", run_name="__main__")
    return int(ended.value.code or 0)


def test_the_command_writes_the_schemas_and_refuses_to_break_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(tmp_path, monkeypatch) == 0
    file = tmp_path / "vehicle.updated.v1.json"
    promised = json.loads(file.read_text())
    promised["properties"]["colour"] = {"type": "string"}
    file.write_text(json.dumps(promised))
    assert run_command(tmp_path, monkeypatch) == 1
    assert "colour is gone" in capsys.readouterr().err
    assert json.loads(file.read_text()) == promised


def test_every_event_of_a_busy_day_fits_its_schema(world: World) -> None:
    world.hold("scooter_1")
    booked = world.book("car_1")
    store, request = world.store, world.request()
    world.confirm(service.propose_change(booked.reservation_id, end_at=world.at(hours=6), request=request, store=store))
    world.confirm(service.propose_cancellation(booked.reservation_id, request=request, store=store))
    world.confirm(service.propose_handover("Help", request=request, store=store))
    world.book("van_1")
    world.later(hours=3)
    service.expire_due(world.now, cities={"helsinki": world.city}, store=store, new_id=world.new_id)
    assert set(world.event_types()) == {body.TYPE for body in CATALOGUE if body.SOURCE == "customer"}
    for event in world.shelf.events:
        body = find_body(event)
        assert body is not None
        Draft202012Validator(schema_of(type(body))).validate(dict(event.body))
        assert event.subject == event.body[type(body).SUBJECT]
    assert len({event.event_id for event in world.shelf.events}) == len(world.shelf.events)


def test_a_body_survives_its_envelope() -> None:
    event = UPDATED.event(event_id="evt_1", at=NOON)
    assert (event.type, event.version, event.source, event.subject) == ("vehicle.updated", 1, "operations", "veh_1")
    assert find_body(event) == UPDATED


def test_an_unknown_type_or_version_is_left_to_others() -> None:
    assert find_body(Event("evt_1", "vehicle.updated", 2, "operations", "veh_1", NOON, {})) is None
    assert find_body(Event("evt_1", "moon.risen", 1, "sky", "moon", NOON, {})) is None


def test_fields_of_a_later_form_are_left_out() -> None:
    body = dict(UPDATED.event(event_id="e", at=NOON).body)
    assert VehicleUpdatedV1.of({**body, "colour": "red"}) == UPDATED


@given(name=st.sampled_from(sorted(UPDATED.event(event_id="e", at=NOON).body)), value=st.none() | st.booleans())
def test_a_missing_or_mistyped_field_is_refused_by_name(name: str, value: bool | None) -> None:
    body = dict(UPDATED.event(event_id="e", at=NOON).body)
    with pytest.raises(BadInput) as mistyped:
        VehicleUpdatedV1.of({**body, name: value})
    assert mistyped.value.facts["field"] == name
    del body[name]
    with pytest.raises(BadInput) as missing:
        VehicleUpdatedV1.of(body)
    assert (missing.value.facts["field"], missing.value.facts["reason"]) == (name, "missing")
