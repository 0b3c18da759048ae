"""The stage: the service on a world, its clock, its faults, its restart; and the actors that prove a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nimrod.app import build
from nimrod.evals.form.case import Case
from nimrod.evals.form.loader import Loaded, load_world
from nimrod.evals.form.turn import Meanwhile
from nimrod.evals.prove import prove
from nimrod.evals.run import Bench, run
from nimrod.evals.stage.stage import Stage

MakeCase = Callable[..., Loaded]


def a_case(folder: Path, **changes: Any) -> Loaded:
    raw: dict[str, Any] = {
        "id": "bike-at-kallio",
        "source": "RES-02",
        "world": "helsinki_day",
        "user": ["a bike in Kallio right now please", {"confirm": "last"}],
        "expect": {"state": {"new_reservations": [{"customer": "mia", "vehicle": "bik_2", "state": "held"}]}},
        "gold": [
            {"find_vehicles": {"near": "Kallio", "vehicle_type": "bike"}},
            {"propose_hold": {"vehicle_id": "$last.vehicles[0].vehicle_id"}},
        ],
    }
    case = Case.model_validate(raw | changes)
    return Loaded(case, "made-up.yaml", 1, load_world(case.world, near=folder))


def a_stage(folder: Path, world: object = "helsinki_day", **more: Any) -> Stage:
    loaded = a_case(folder, world=world)
    return Stage(loaded.world, folder, build, seed="test", **more)


async def test_people_of_the_world_can_sign_in_and_the_clock_stands_still(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        me = (await stage.call("mia", "GET", "/platform/v1/me")).json()
        assert (me["id"], me["city_id"]) == ("per_mia", "helsinki")
        assert stage.clock().isoformat() == "2026-11-23T08:00:00+00:00"


async def test_time_that_passes_lets_a_hold_lapse(tmp_path: Path) -> None:
    async with a_stage(tmp_path, "mia_held") as stage:
        await stage.advance("14m")
        assert stage.snapshot().reservations["rsv_h1"]["state"] == "held"
        await stage.wait_until("2026-11-23T10:15")
        assert stage.snapshot().reservations["rsv_h1"]["state"] == "expired"
        assert stage.snapshot().entries == ()
        assert (await stage.call("mia", "GET", "/platform/v1/me")).is_success


async def test_others_act_and_a_restart_keeps_what_they_did(tmp_path: Path) -> None:
    others = {"reservations": [{"id": "rsv_x", "who": "noah", "vehicle": "sco_1", "state": "held",
                                "start": "2026-11-23T10:00"}]}  # fmt: skip
    async with a_stage(tmp_path) as stage:
        await stage.meanwhile(Meanwhile.model_validate(others))
        await stage.restart()
        assert stage.snapshot().reservations["rsv_x"]["customer"] == "noah"
        assert [entry["owner"] for entry in stage.snapshot().entries] == ["rsv_x"]


async def test_the_same_case_gives_the_same_ids_every_time(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        async with a_stage(tmp_path / name) as stage:
            made.append([stage.new_id("rsv"), stage.new_id("prp")])
    assert made[0] == made[1]


async def test_a_right_case_is_proved(tmp_path: Path) -> None:
    result = await prove([a_case(tmp_path)], build, chances=1)
    assert result.good, result.cases[0].reasons


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"expect": {"state": {}}}, "the right answer fails"),
        ({"expect": {"state": {}}, "user": ["hello"], "gold": []}, "refuses everything"),
        ({"expect": {"says": ["bike"]}, "user": ["a bike"], "gold": []}, "repeats the person passes"),
        ({"gold": [{"propose_hold": {"vehicle_id": "$last.nothing"}}]}, "cannot be played: $last.nothing"),
    ],
)
async def test_a_case_that_judges_nothing_is_found(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    result = await prove([a_case(tmp_path, **changes)], build, chances=0)
    assert any(told in reason for reason in result.cases[0].reasons)


async def test_the_agent_plays_a_case_and_repeats_count(tmp_path: Path) -> None:
    result = await run([a_case(tmp_path)], Bench(build), repeat=2)
    (case,) = result.cases
    assert (case.runs, case.passes, case.reasons) == (2, 2, ())
    assert result.summary()["pass^2"] == 1
    assert [turn["action"] for turn in case.trace] == ["say", "confirm"]


async def test_a_model_that_is_away_is_replaced_and_nothing_is_done_twice(tmp_path: Path) -> None:
    world = {"extends": "helsinki_day", "faults": [{"model": True, "kind": "500", "times": 100}]}
    result = await run([a_case(tmp_path, world=world)], Bench(build))
    assert result.good, result.cases[0].reasons


async def test_a_case_that_cannot_be_played_is_an_error_not_a_pass(tmp_path: Path) -> None:
    result = await run([a_case(tmp_path, world={"extends": "helsinki_day", "city": "atlantis"})], Bench(build))
    assert not result.good
    assert result.summary()["errors"] == 1
    assert "could not be played" in result.cases[0].reasons[0]
