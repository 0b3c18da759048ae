"""Times between the pickers and the API."""

from datetime import UTC, datetime, timedelta

from nimrod.web.pages.ride.times import Wanted, time_left

ZONE = "Europe/Helsinki"
NOW = datetime(2026, 11, 22, 21, 10, 30, tzinfo=UTC)


def test_now_asks_for_no_window_and_books_from_now() -> None:
    assert Wanted().window(ZONE) == (None, None)
    assert Wanted(length_min=90).booking(ZONE, NOW) == (None, "2026-11-23T00:40:00+02:00")


def test_a_start_gives_its_end_in_the_zone_of_the_city() -> None:
    wanted = Wanted("2026-11-23T09:00", 180)
    assert wanted.window(ZONE) == ("2026-11-23T09:00", "2026-11-23T12:00:00+02:00")
    assert wanted.booking(ZONE, NOW) == wanted.window(ZONE)


def test_the_hour_that_clocks_skip_is_not_ridden() -> None:
    assert Wanted("2026-03-29T02:30", 60).window(ZONE)[1] == "2026-03-29T04:30:00+03:00"


def test_the_clock_of_a_card_counts_down_to_nothing() -> None:
    assert time_left(NOW + timedelta(minutes=9, seconds=5), NOW) == "9:05"
    assert time_left(NOW, NOW) == ""
