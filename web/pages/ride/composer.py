"""Where the person writes: grows with the text, Enter sends, the button stops a running answer."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from nimrod.web.pages.parts import box, icon_button
from nimrod.web.pages.wording import Words

LONGEST = 2000


class Composer:
    """The message field with its one button."""

    def __init__(
        self, words: Words, *, on_send: Callable[[str], Awaitable[None]], on_stop: Callable[[], Awaitable[None]]
    ) -> None:
        self._on_send = on_send
        with box("composer", tag="form").on("submit.prevent", self._send):
            self._field = ui.textarea(placeholder=words("chat.placeholder")).classes("composer-field")
            self._field.props(
                f'autogrow borderless dense rows=1 maxlength={LONGEST} aria-label="{words("chat.label")}"'
            )
            self._field.props("enterkeyhint=send autocomplete=off")
            self._field.on("keydown.enter.exact.prevent", self._send)
            self._go = icon_button("arrow_upward", words("chat.send"), self._send, "send")
            self._halt = icon_button("stop", words("chat.stop"), on_stop, "send send-stop")
        self._halt.set_visibility(False)

    def begin(self, words: str) -> None:
        """Write the beginning of a sentence for the person to finish."""
        self._field.set_value(words)
        self.focus()

    def focus(self) -> None:
        """Put the cursor here."""
        self._field.run_method("focus")

    def set_busy(self, busy: bool) -> None:
        """Swap the button: send, or stop."""
        self._go.set_visibility(not busy)
        self._halt.set_visibility(busy)

    async def _send(self) -> None:
        words = (self._field.value or "").strip()
        if words and self._go.visible:
            self._field.set_value("")
            await self._on_send(words)
