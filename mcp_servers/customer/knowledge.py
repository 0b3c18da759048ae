"""The knowledge server: what our own articles say, to be cited."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from mcp.server.mcpserver import Context, Resolve
from pydantic import Field

from nimrod.domain.shared.city import City
from nimrod.mcp_servers.customer.desk import AtCounter, House
from nimrod.mcp_servers.customer.inputs import read_text
from nimrod.mcp_servers.customer.views import FoundSections, SectionView
from nimrod.mcp_servers.identity import Admission
from nimrod.mcp_servers.server import ANYONE_SIGNED_IN, READS, Offered, ToolServer, backing_of
from nimrod.platform.knowledge import Library

NAME = "knowledge"
INSTRUCTIONS = (
    "Our own articles: terms, parking and return rules, fees, how-to, safety, privacy, contact. Answer from the "
    "sections found and cite their section_id; if none is found, say that you do not know."
)
LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True)
class KnowledgeHouse(House):
    """The house with its library."""

    library: Library


async def _library(ctx: Context) -> Library:
    return backing_of(ctx, KnowledgeHouse).library


Question = Annotated[
    str, Field(max_length=LONGEST_QUESTION, description="What the person wants to know, as a full question")
]


def search_knowledge(
    question: Question, *, counter: AtCounter, library: Annotated[Library, Resolve(_library)]
) -> FoundSections:
    """Search our articles: rules, fees, how things work, what to do when something is wrong. Best passage first.

    Use it for questions about the service itself, not for live prices (quote_ride), vehicles (find_vehicles) or the
    person's rides (list_my_reservations). Answer only from what comes back and name the section_id; when nothing comes
    back, say that the articles do not cover it and offer propose_handover.
    """
    with counter.refusing():
        asked = read_text(question, field="question", most=LONGEST_QUESTION)
        hits = [
            (library.in_language(hit.section, counter.language, city=counter.city), hit.score)
            for hit in library.search(asked, city=counter.city)
        ]
    return FoundSections(
        sections=[
            SectionView(
                section_id=section.section_id,
                title=section.title,
                text=section.text,
                source=section.source,
                language=section.language,
                score=round(score, 3),
            )
            for section, score in hits
        ]
    )


OFFERS = (Offered(search_knowledge, "Search the articles", READS, ANYONE_SIGNED_IN),)


def build_server(
    library: Library,
    *,
    cities: Mapping[str, City],
    clock: Callable[[], datetime],
    new_id: Callable[[str], str],
    admission: Admission | None = None,
) -> ToolServer:
    """The server. With `admission` HTTP needs a bearer token it admits; without, `identity.acting_as` says who asks."""
    house = KnowledgeHouse(cities, clock, new_id, library)
    return ToolServer(NAME, instructions=INSTRUCTIONS, backing=house, offers=OFFERS, admission=admission)
