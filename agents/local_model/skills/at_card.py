"""Questions about the proposal that waits: answered from the card itself, which stays as it is."""

from nimrod.agents.local_model.dialogue.state import Card, Desk, Reply, Steps
from nimrod.agents.local_model.skills import cards, changing, owning, wording
from nimrod.agents.local_model.skills.finding import HOLDS


def about(desk: Desk) -> Steps:
    """What is proposed: which vehicle, when, how long, where; without a card the reservation."""
    card = changing.open_card(desk)
    if card is None:
        return (yield from owning.details(desk))
    if card.kind not in {"hold", "booking", "change"}:
        return (yield from cards.pending_details(desk))
    return Reply(_told(desk, card), card.proposal_id)


def _told(desk: Desk, card: Card) -> str:
    facts, vehicle = card.facts, card.vehicle
    start, end = desk.local(facts.get("start_at")), desk.local(facts.get("end_at"))
    minutes = round((end - start).total_seconds() / 60) if start and end else 0
    model = facts.get("model") or vehicle.get("model")
    where = ""
    if vehicle.get("walk_min") is not None:
        walk = desk.say("found.walk_here", walk=vehicle["walk_min"])
        where = desk.say("done.where", near=vehicle["near"]) if vehicle.get("near") else ""
        where += desk.say("about.where", walk=walk)
    battery = ""
    if vehicle.get("battery_pct") is not None:
        battery = desk.say("found.battery", battery=vehicle["battery_pct"], range=vehicle.get("range_km"))
    return desk.say(
        "about.booking",
        type=desk.speech.kind(facts.get("vehicle_type")),
        vehicle=facts.get("vehicle_id"),
        model=f" ({model})" if model else "",
        times=wording.times(desk, facts if end or facts.get("vehicle_type") in HOLDS else {"start": start}),
        length=desk.say("about.length", length=wording.length(desk, minutes)) if minutes > 0 else "",
        where=where,
        battery=battery,
    ).replace("  ", " ")


def best(desk: Desk) -> Steps:
    """`Is that the cheapest?`: yes, or a better one in its place."""
    return changing.alter(desk)


def remind(desk: Desk) -> Steps:
    """There are no reminders; what waits keeps waiting."""
    yield from ()
    card = changing.open_card(desk)
    return Reply(desk.say("about.no_reminder"), card.proposal_id if card else "")


def done_already(desk: Desk) -> Steps:
    """`Book it!` about what is booked already: said so, with the facts."""
    reply = yield from owning.details(desk)
    return Reply(f"{desk.say('about.done_already')} {reply.text}", reply.arm)
