"""The pages as people use them: a real server, a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
ASK = "I need a scooter near the Central Station"
# Every control a person can reach must have a name that can be read aloud.
NAMELESS = """() => [...document.querySelectorAll('button, input, textarea, select, [role=button], a')]
  .filter(one => one.offsetParent !== null)
  .filter(one => !(one.getAttribute('aria-label') || one.innerText.replace(/[a-z_]+/g, m => m).trim()
                   || (one.id && document.querySelector(`label[for="${one.id}"]`))
                   || one.closest('label')))
  .map(one => one.outerHTML.slice(0, 120))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_customer_asks_confirms_and_holds_a_scooter_on_a_phone(phone: Any) -> None:
    phone.open_ride("mia")
    phone.say(ASK)
    card = phone.page.locator(".card")
    expect(card).to_contain_text("Hold scooter")
    expect(card).to_contain_text("Unlocking")
    expect(card.locator(".card-clock")).to_contain_text("Open for")
    card.get_by_role("button", name="Confirm").click()
    expect(card).to_contain_text("Confirmed")
    expect(card.get_by_role("button")).to_have_count(0)
    phone.go("Rides")
    expect(phone.page.locator(".ride-card")).to_contain_text("held")
    assert phone.page.evaluate(WIDER) == 0
    assert phone.strangers == []
    assert phone.complaints == []


def test_a_typed_yes_confirms_the_one_card_and_a_new_wish_replaces_it(desktop: Any) -> None:
    desktop.open_ride("mia")
    desktop.say("Book a car tomorrow from 9 to 12")
    first, second = (desktop.page.locator(".card").nth(place) for place in (0, 1))
    expect(first).to_contain_text("Book car")
    desktop.say("make it 10")
    expect(second).to_contain_text("10:00")
    expect(first).to_contain_text("Replaced")
    desktop.say("yes")
    expect(second).to_contain_text("Confirmed")
    expect(desktop.page.locator(".ride-card", has_text="booked")).to_have_count(1)


def test_declining_a_card_leaves_everything_as_it_was(phone: Any) -> None:
    phone.open_ride("noah")
    phone.say(ASK)
    card = phone.page.locator(".card")
    card.get_by_role("button", name="No, thanks").click()
    expect(card).to_contain_text("Declined")
    phone.go("Rides")
    expect(phone.page.locator(".ride-card")).to_have_count(0)


def test_a_vehicle_is_held_from_the_map_and_cancelled_from_my_rides(desktop: Any) -> None:
    desktop.open_ride("noah")
    page = desktop.page
    page.get_by_role("button", name="Scooters").click()
    expect(page.locator(".near-card .tone-bike, .near-card .tone-car, .near-card .tone-van")).to_have_count(0)
    page.locator(".near-card").first.click()
    page.get_by_role("button", name="Hold it").click()
    card = page.locator(".card").first
    expect(card).to_contain_text("Hold scooter")
    card.get_by_role("button", name="Confirm").click()
    expect(card).to_contain_text("Confirmed")
    ride = page.locator(".ride-card")
    expect(ride).to_have_count(1)
    ride.get_by_role("button", name="Cancel").click()
    goodbye = page.locator(".card").nth(1)
    expect(goodbye).to_contain_text("Cancel the scooter")
    goodbye.get_by_role("button", name="Confirm").click()
    expect(ride).to_have_count(0)
    assert desktop.strangers == []


def test_a_large_screen_shows_rides_map_and_chat_side_by_side(desktop: Any) -> None:
    desktop.open_ride("aino")
    boxes = [desktop.page.locator(f".{name}-panel").bounding_box() for name in ("rides", "map", "chat")]
    assert all(box is not None and box["height"] > 700 for box in boxes)
    assert [box["x"] for box in boxes] == sorted(box["x"] for box in boxes)
    assert desktop.page.evaluate(WIDER) == 0


def test_the_page_speaks_the_language_of_the_person(desktop: Any) -> None:
    desktop.open_ride("aino")
    assert desktop.page.evaluate("document.documentElement.lang") == "fi"
    expect(desktop.page.get_by_role("heading", name="Omat matkat")).to_be_visible()


def test_a_wrong_password_is_told_kindly_and_nothing_opens(phone: Any) -> None:
    phone.sign_in("mia", "wrong")
    expect(phone.page.get_by_role("alert")).not_to_be_empty()
    expect(phone.page.get_by_role("button", name="Sign in", exact=True)).to_be_enabled()
    assert phone.page.url.rstrip("/") == phone.address


def test_one_tap_signs_a_demo_person_in(phone: Any) -> None:
    phone.page.goto(phone.address)
    phone.page.get_by_role("button", name="Jana").click()
    expect(phone.page.locator(".city-name")).to_contain_text("Pra")


def test_everything_is_reached_with_the_keyboard_alone(desktop: Any) -> None:
    desktop.open_ride("petr")
    page = desktop.page
    page.get_by_role("textbox").focus()
    page.keyboard.type("I need a bike")
    page.keyboard.press("Enter")
    confirm = page.locator(".card .btn")
    confirm.wait_for()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if confirm.evaluate("one => one === document.activeElement"):
            break
    assert confirm.evaluate("one => one === document.activeElement")
    assert confirm.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".card-carried_out")).to_have_count(1)


@pytest.mark.parametrize("login", ["mia", "fiona", "ada"])
def test_every_control_has_a_name(desktop: Any, login: str) -> None:
    desktop.sign_in(login)
    desktop.page.locator(".rides-list > *, .tile").first.wait_for()
    assert desktop.page.evaluate(NAMELESS) == []


def test_no_token_is_kept_in_the_browser(phone: Any) -> None:
    phone.open_ride("mia")
    kept = phone.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    cookies = phone.page.context.cookies()
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict" for cookie in cookies)
    for kept_text in (kept, *(cookie["value"] for cookie in cookies)):
        assert "access" not in kept_text
        assert "refresh" not in kept_text


def test_signing_out_closes_the_page_for_good(phone: Any) -> None:
    phone.open_ride("noah")
    phone.page.get_by_role("button", name="Sign out").click()
    expect(phone.page.get_by_role("heading", name="Good to see you")).to_be_visible()
    phone.page.goto(f"{phone.address}/ride")
    expect(phone.page.get_by_role("heading", name="Good to see you")).to_be_visible()


def test_signing_out_in_one_tab_closes_the_others(desktop: Any) -> None:
    desktop.open_ride("mia")
    other = desktop.page.context.new_page()
    other.goto(f"{desktop.address}/ride")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Good to see you")).to_be_visible()
    desktop.say("Hello")
    expect(desktop.page.get_by_role("alert").first).to_contain_text("You were signed out")


def test_operations_see_the_fleet_and_may_narrow_it(desktop: Any) -> None:
    desktop.sign_in("fiona")
    page = desktop.page
    expect(page.get_by_role("heading", name="Fleet")).to_be_visible()
    page.get_by_role("button", name="Available", exact=True).click()
    expect(page.locator("tbody .pill", has_not_text="Available")).to_have_count(0)
    expect(page.locator("tbody .pill").first).to_have_text("Available")


def test_an_analyst_sees_what_the_data_system_heard(desktop: Any) -> None:
    desktop.sign_in("ada")
    expect(desktop.page.get_by_role("heading", name="Events", exact=True)).to_be_visible()
    expect(desktop.page.get_by_role("cell", name="vehicle.updated")).to_be_visible()


def test_staff_are_not_let_onto_the_customers_page(desktop: Any) -> None:
    desktop.sign_in("otto")
    desktop.page.locator(".tile").first.wait_for()
    desktop.page.goto(f"{desktop.address}/ride")
    expect(desktop.page.get_by_role("heading", name="Fleet")).to_be_visible()
