"""The chat: the log with its cards, the composer, and the conversations before this one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.element import Element

from nimrod.web.client import ApiProblem, SessionEnded
from nimrod.web.client.stream import Pending, Token, ToolStep, TurnEvent
from nimrod.web.client.views import ConversationView, MessageView, ProposalView
from nimrod.web.pages.parts import box, button, icon_button, text
from nimrod.web.pages.ride.card_board import CardBoard
from nimrod.web.pages.ride.cards import Card
from nimrod.web.pages.ride.composer import Composer
from nimrod.web.pages.ride.richtext import as_html
from nimrod.web.pages.ride.turn import Reply
from nimrod.web.pages.toasts import problem_text, show_note, show_problem

if TYPE_CHECKING:
    from nimrod.web.pages.ride.page import RidePage

EARLIER_SHOWN = 12
FRESH = timedelta(hours=1)
LOOK_AGAIN_S = 2.0
_BOTTOM = (
    "requestAnimationFrame(() => {{ const log = getHtmlElement({id}); if (log) log.scrollTop = log.scrollHeight; }})"
)


class ChatPanel:
    """One conversation at a time with the booking agent."""

    def __init__(self, page: "RidePage") -> None:
        self._page = page
        self._words = page.words
        self._conversation_id: str | None = None
        self._busy = False
        self._stopping = False

    def build(self) -> None:
        """Put the panel on the page."""
        words = self._words
        with box("panel chat-panel", tag="section", aria_label=words("chat.title")):
            with box("panel-head"):
                text(words("chat.title"), "grow", tag="h2")
                icon_button("add_comment", words("chat.new"), self._new)
                with (
                    icon_button("history", words("chat.earlier"), self._list_earlier),
                    ui.menu().classes("menu") as menu,
                ):
                    self._menu = menu
            self._log = box("log", role="log", aria_live="polite", aria_label=words("chat.log"), tabindex="0")
            self._board = CardBoard(words, self._answer, self._page.wants_answer)
            self._composer = Composer(words, on_send=self.say, on_stop=self._stop)
        self._welcome()

    async def resume(self) -> None:
        """Go on with a conversation of the last hour, and show cards from elsewhere; raises ApiProblem."""
        pending = (await self._page.client.pending()).pending
        threads = (await self._page.client.conversations()).conversations
        if threads and (pending or _is_fresh(threads[0])):
            await self._open(threads[0].conversation_id)
        for proposal in pending:
            self.show_card(proposal)

    def begin(self, words: str) -> None:
        """Put the beginning of a sentence into the composer."""
        self._composer.begin(words)

    def show_card(self, proposal: ProposalView) -> None:
        """Show a proposal that was made without the chat."""
        with self._log:
            card = self._board.add(proposal, direct=True)
        self._scroll()
        if card is not None:
            card.element.run_method("focus")

    async def say(self, words: str) -> None:
        """Send what the person wrote and follow the answer."""
        if self._busy or not words.strip():
            return
        self._clear_welcome()
        with self._log:
            _own(words, self._words("chat.you"))

        async def turn() -> AsyncIterator[TurnEvent]:
            if self._conversation_id is None:
                self._conversation_id = (await self._page.client.open_conversation()).conversation_id
            position = self._page.map.position_text()
            async for event in self._page.client.say(self._conversation_id, words, position=position):
                yield event

        await self._follow(turn(), again=lambda: self.say(words))

    async def _answer(self, card: Card, yes: bool) -> None:
        if self._busy or not card.is_open:
            return
        if card.direct or self._conversation_id is None:
            await self._answer_directly(card, yes)
            return
        events = self._page.client.answer(self._conversation_id, card.proposal.proposal_id, yes)
        await self._follow(events, again=None)

    async def _answer_directly(self, card: Card, yes: bool) -> None:
        card.wait(True)
        client, proposal_id = self._page.client, card.proposal.proposal_id
        try:
            outcome = await (client.confirm(proposal_id) if yes else client.decline(proposal_id))
        except SessionEnded:
            self._page.visit.ended()
        except ApiProblem as problem:
            show_problem(problem, self._words)
            if problem.status in (404, 409, 410):
                self._board.close(card, "refused")
        else:
            self._board.close(card, "carried_out" if outcome.status == "carried_out" else "declined")
            if outcome.message and yes:
                show_note(outcome.message, self._words)
            async with self._page.visit.caring():
                await self._page.refresh()
        finally:
            card.wait(False)

    async def _follow(self, events: AsyncIterator[TurnEvent], *, again: Callable[[], Awaitable[None]] | None) -> None:
        """Show a turn as it happens, then what it changed."""
        self._set_busy(True)
        with self._log:
            reply = Reply(self._words)
        self._scroll()
        try:
            async for event in events:
                self._show(event, reply)
            self._set_busy(False)
            async with self._page.visit.caring():
                await self._page.refresh()
        except SessionEnded:
            self._page.visit.ended()
        except ApiProblem as problem:
            if self._stopping:
                reply.stop(self._words("chat.stopped"))
            else:
                reply.fail(again, problem_text(problem, self._words))
                show_problem(problem, self._words)
        finally:
            self._set_busy(False)
            self._scroll()

    def _show(self, event: TurnEvent, reply: Reply) -> None:
        with self._log:
            if isinstance(event, ToolStep):
                reply.step(event)
            elif isinstance(event, Token):
                reply.token(event)
            elif isinstance(event, Pending):
                self._board.show(event.pending)
            else:
                reply.finish(event.reply)
                self._board.settle(event)
        self._scroll()

    async def _stop(self) -> None:
        if self._conversation_id is None:
            return
        self._stopping = True
        async with self._page.visit.caring():
            await self._page.client.cancel_turn(self._conversation_id)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        if not busy:
            self._stopping = False
        self._composer.set_busy(busy)
        self._board.wait(busy)

    def _welcome(self) -> None:
        place = self._page.city.places[0].name if self._page.city.places else self._page.city.name
        asks = ("chat.try_scooter", "chat.try_car", "chat.try_price", "chat.try_mine")
        with self._log, box("welcome") as self._welcome_box:
            text(self._words("chat.lead"), "muted", tag="p")
            for key in asks:
                ask = self._words(key, place=place) if key == "chat.try_scooter" else self._words(key)
                button(ask, lambda _=None, words=ask: self.say(words), "suggestion", picture="north_east")

    def _clear_welcome(self) -> None:
        if not self._welcome_box.is_deleted:
            self._welcome_box.delete()

    def _new(self) -> None:
        if self._busy:
            return
        self._conversation_id = None
        self._board.clear()
        self._log.clear()
        self._welcome()
        self._composer.focus()

    async def _list_earlier(self) -> None:
        self._menu.clear()
        async with self._page.visit.caring():
            threads = (await self._page.client.conversations()).conversations
            with self._menu:
                for thread in threads[:EARLIER_SHOWN]:
                    title = thread.title or self._words("chat.untitled")
                    ui.menu_item(title, lambda _=None, it=thread: self._reopen(it.conversation_id)).classes("menu-item")
                if not threads:
                    text(self._words("chat.none_earlier"), "menu-none muted small")

    async def _reopen(self, conversation_id: str) -> None:
        if not self._busy:
            async with self._page.visit.caring():
                await self._open(conversation_id)

    async def _open(self, conversation_id: str) -> None:
        history = await self._page.client.history(conversation_id)
        self._conversation_id = conversation_id
        self._board.clear()
        self._log.clear()
        with self._log:
            for message in history.messages:
                _said(message, self._words("chat.you"))
            self._board.show(history.pending)
        if not history.messages:
            self._welcome()
        if history.running:
            ui.timer(LOOK_AGAIN_S, lambda: self._reopen(conversation_id), once=True)
        self._scroll()

    def _scroll(self) -> None:
        ui.run_javascript(_BOTTOM.format(id=self._log.id))


def _is_fresh(thread: ConversationView) -> bool:
    return thread.updated_at is not None and datetime.now(UTC) - thread.updated_at < FRESH


def _own(words: str, who: str) -> None:
    with box("msg msg-own"):
        text(who, "visually-hidden")
        text(words, "bubble")


def _said(message: MessageView, you: str) -> Element | None:
    if message.role == "user":
        _own(message.text, you)
    elif message.role == "agent":
        with box("msg msg-agent"):
            ui.html(as_html(message.text), sanitize=False).classes("bubble")
    elif message.text:
        text(message.text, "msg-event")
    return None
