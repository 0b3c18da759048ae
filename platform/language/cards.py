"""The proposal card: what a person reads before confirming, the same for tools, HTTP answers and the page."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import BaseModel, Field

from nimrod.domain.shared.city import City
from nimrod.domain.shared.proposals import Preview, Proposal
from nimrod.platform.language.catalogue import has, say, say_first
from nimrod.platform.language.cleaning import clean
from nimrod.platform.language.formats import clock_time, local_iso, moment, money, span
from nimrod.platform.language.refusals import as_time

_MOST_TEXT = 300
_STILL_NOW = timedelta(minutes=1)  # a pick-up so soon is shown as now
Facts = dict[str, str | int | float | bool | None]


class LineView(BaseModel):
    """One line of a price."""

    code: str = Field(description="Stable name of the line, e.g. unlock, minutes, day_cap, cancel_fee, difference")
    text: str = Field(description="The line in words")
    amount: str = Field(description="The amount as to be said, e.g. €4.50")
    minor: int = Field(description="The amount in minor units (cents); negative is money back")


class ProposalView(BaseModel):
    """A stored intention, waiting for the person. Nothing has changed yet while `status` is pending."""

    proposal_id: str
    kind: str = Field(description="hold, booking, change, cancellation or handover")
    status: str = Field(description="pending, carried_out, declined, withdrawn, expired or refused")
    title: str = Field(description="The proposal in one line, as the card shows it")
    facts: Facts = Field(description="What would happen; times in the city's own time with offset")
    lines: list[LineView] = Field(description="The price line by line")
    total: str | None = Field(description="The total as to be said; null while a ride is open-ended")
    total_minor: int | None
    currency: str
    loses: list[str] = Field(description="What the person gives up by confirming")
    expires_at: str = Field(description="When the proposal lapses if nobody confirms it")


def proposal_view(proposal: Proposal, city: City, language: str = "en") -> ProposalView:
    """The card for this stored proposal."""
    preview = proposal.preview
    total = preview.total_minor
    return ProposalView(
        proposal_id=proposal.proposal_id,
        kind=proposal.kind,
        status=proposal.status,
        title=title(proposal, city, language),
        facts={name: _local(value, city) for name, value in preview.facts.items()},
        lines=[line_view(line, preview.currency, language) for line in preview.lines],
        total=None if total is None else money(total, preview.currency, language),
        total_minor=total,
        currency=preview.currency,
        loses=[_loss(code, preview, language) for code in preview.loses],
        expires_at=local_iso(proposal.expires_at, city),
    )


def title(proposal: Proposal, city: City, language: str) -> str:
    """The proposal in one line."""
    preview = proposal.preview
    said = said_facts(preview.facts, preview.currency, city, language)
    return say_first(language, _title_keys(proposal), said) or say(language, "title.other")


def _title_keys(proposal: Proposal) -> tuple[str, ...]:
    kind, facts = proposal.kind, proposal.preview.facts
    if kind == "hold":
        start = as_time(facts.get("start_at"))
        now = start is None or start <= proposal.created_at + _STILL_NOW
        return ("title.hold.now", "title.hold.later") if now else ("title.hold.later", "title.hold.now")
    if kind == "change":
        moved = facts.get("old_vehicle_id") not in (None, facts.get("vehicle_id"))
        by_vehicle = ("title.change.vehicle", "title.change.vehicle_open")
        return (*(by_vehicle if moved else ()), "title.change.time", "title.change.start", "title.change.plain")
    if kind == "cancellation":
        by_fee = "title.cancellation.fee" if facts.get("fee_minor") else "title.cancellation.free"
        return (by_fee, "title.cancellation.plain")
    return (f"title.{kind}",)


def said_facts(facts: Mapping[str, object], currency: str, city: City, language: str) -> dict[str, object]:
    """The facts of a preview or a result as words for catalogue entries; what is not there is left out."""
    said: dict[str, object] = {}
    start, end, until = (as_time(facts.get(name)) for name in ("start_at", "end_at", "until_at"))
    if has(f"vehicle_type.{facts.get('vehicle_type')}"):
        said["type"] = say(language, f"vehicle_type.{facts['vehicle_type']}")
    if facts.get("vehicle_id"):
        said["vehicle"] = clean(str(facts["vehicle_id"]), _MOST_TEXT)
    if start:
        said["start"] = moment(start, city, language)
    if start and end:
        said["span"] = span(start, end, city, language)
    if until:
        said["until"] = moment(until, city, language)
        said["until_time"] = clock_time(until, city, language)
    fee = facts.get("fee_minor")
    if isinstance(fee, int):
        said["fee"] = money(fee, currency, language)
    return said


def line_view(line: Mapping[str, object], currency: str, language: str) -> LineView:
    """One price line `{"code", "minor", "facts"}` in words."""
    code, minor, facts = str(line["code"]), line["minor"], line.get("facts")
    amount = minor if isinstance(minor, int) else 0
    return LineView(
        code=code,
        text=_line_text(code, facts if isinstance(facts, Mapping) else {}, currency, language),
        amount=money(amount, currency, language),
        minor=amount,
    )


def _line_text(code: str, facts: Mapping[str, object], currency: str, language: str) -> str:
    said: dict[str, object] = dict(facts)
    rate = facts.get("minute_minor")
    if isinstance(rate, int):
        said["rate"] = money(rate, currency, language)
    text = say_first(language, (f"line.{code}", f"line.{code}_plain"), said)
    return text or clean(code.replace("_", " "), _MOST_TEXT)


def _loss(code: str, preview: Preview, language: str) -> str:
    fee = preview.facts.get("fee_minor")
    said = {"fee": money(fee, preview.currency, language)} if isinstance(fee, int) else {}
    return say_first(language, (f"loses.{code}", f"loses.{code}_plain"), said) or clean(
        code.replace("_", " "), _MOST_TEXT
    )


def _local(value: str | int | float | bool | None, city: City) -> str | int | float | bool | None:
    at = as_time(value)
    if at is not None:
        return local_iso(at, city)
    return clean(value, _MOST_TEXT) if isinstance(value, str) else value
