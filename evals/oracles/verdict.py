"""All judges over one played case, in order: state, invariants, trace, what was said."""

from collections.abc import Iterator, Sequence

from nimrod.domain.shared.city import City
from nimrod.evals.form.case import Case
from nimrod.evals.form.said import Said
from nimrod.evals.oracles.invariants import invariant_reasons
from nimrod.evals.oracles.said import Context, describe, is_said
from nimrod.evals.oracles.state import state_reasons, waiting
from nimrod.evals.oracles.trace import trace_reasons
from nimrod.evals.play.episode import Episode, Exchange

ORACLES = ("state", "trace", "said")


def verdict(case: Case, episode: Episode, city: City) -> dict[str, list[str]]:
    """Oracle to the reasons why it says no; every list empty means the case passed."""
    return {
        "state": [*state_reasons(case.expect.state, episode), *_pending(case, episode), *invariant_reasons(episode)],
        "trace": [*trace_reasons(case.expect, episode, wild_model=case.breaks_the_model), *_too_slow(case, episode)],
        "said": said_reasons(case, episode, city),
    }


def said_reasons(case: Case, episode: Episode, city: City) -> list[str]:
    """Which facts are missing from (or wrongly in) what the person was told."""
    reasons = list(_missing(case.expect.says, episode, city, cards=False, what="never said"))
    reasons += _missing(case.expect.shows, episode, city, cards=True, what="never said nor shown")
    for fact in case.expect.never_says:
        told = [one for one in _meant(fact, episode) if is_said(fact, one.reply, Context(city, one.at))]
        reasons += [f"said in turn {one.turn} what must not be said: {describe(fact)}" for one in told]
    silent = [one for one in episode.exchanges if one.action == "say" and not one.reply.strip()]
    return reasons + [f"no reply at all to turn {one.turn}" for one in silent]


def _missing(facts: Sequence[Said], episode: Episode, city: City, *, cards: bool, what: str) -> Iterator[str]:
    for fact in facts:
        if not any(is_said(fact, _text(one, cards=cards), Context(city, one.at)) for one in _meant(fact, episode)):
            where = f" in turn {fact.turn}" if fact.turn else ""
            yield f"{what}{where}: {describe(fact)}"


def _meant(fact: Said, episode: Episode) -> list[Exchange]:
    return [one for one in episode.exchanges if fact.turn in (None, one.turn)]


def _text(exchange: Exchange, *, cards: bool) -> str:
    return exchange.reply + ("\n" + "\n".join(map(_card_text, exchange.cards)) if cards else "")


def _card_text(card: object) -> str:
    """Every word on a card, in reading order."""
    if isinstance(card, dict):
        return "\n".join(_card_text(value) for value in card.values())
    if isinstance(card, list | tuple):
        return "\n".join(map(_card_text, card))
    return str(card)


def _pending(case: Case, episode: Episode) -> Iterator[str]:
    wanted, found = case.expect.pending, len(waiting(episode))
    if wanted is not None and found not in wanted:
        yield f"{found} cards wait for the person, {' or '.join(map(str, wanted))} expected"


def _too_slow(case: Case, episode: Episode) -> Iterator[str]:
    limit = case.expect.within_s
    if limit is not None and episode.wall_s > limit:
        yield f"took {episode.wall_s:.1f} s, at most {limit:g} s allowed"
