"""One answer of the agent while it is made: tool steps, then the words as they come."""

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from nimrod.web.client.stream import Token, ToolStep
from nimrod.web.pages.parts import box, button, icon, set_attributes, text
from nimrod.web.pages.ride.richtext import as_html
from nimrod.web.pages.wording import Words


class Reply:
    """A message of the agent. Made inside the log; grows until `finish`."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._said = ""
        self._steps: dict[str, Element] = {}
        self._box = box("msg msg-agent", aria_busy="true")
        with self._box:
            text(words("chat.agent"), "visually-hidden")
            self._step_list = box("steps", tag="ul")
            self._bubble = ui.html("", sanitize=False).classes("bubble")
            self._waiting = box("dots", role="status", aria_label=words("chat.thinking"))
            with self._waiting:
                for _ in range(3):
                    box("dot", tag="span")
        self._bubble.set_visibility(False)

    def step(self, step: ToolStep) -> None:
        """Show a tool that started, or tick it off."""
        if step.call_id in self._steps:
            self._steps.pop(step.call_id).delete()
        if not step.words:
            return
        going = step.state == "started"
        with self._step_list, box("step" if going else "step step-done", tag="li") as line:
            icon("autorenew" if going else "done" if step.ok else "info", "step-spin" if going else "")
            text(step.words, tag="span")
        if going:
            self._steps[step.call_id] = line

    def token(self, token: Token) -> None:
        """Add a piece of the reply."""
        self._show(self._said + token.text)

    def finish(self, reply: str = "") -> None:
        """The answer is complete; `reply` is its whole text."""
        if reply:
            self._show(reply)
        self._settle()
        if not self._said:
            self._box.delete()

    def stop(self, words: str) -> None:
        """The answer ended before its end."""
        self._settle()
        with self._box:
            text(words, "msg-note", role="status")

    def fail(self, again: Callable[[], Awaitable[None]] | None, words: str) -> None:
        """No answer came; offer to ask again."""
        self._settle()
        with self._box, box("msg-note"):
            text(words, tag="span")
            if again is not None:
                button(self._words("again"), again, "btn-quiet btn-small")

    def _show(self, said: str) -> None:
        self._said = said
        self._bubble.set_content(as_html(said))
        self._bubble.set_visibility(bool(said.strip()))
        self._waiting.set_visibility(False)

    def _settle(self) -> None:
        self._waiting.set_visibility(False)
        for line in self._steps.values():
            line.delete()
        self._steps.clear()
        set_attributes(self._box, aria_busy="false")
