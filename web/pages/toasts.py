"""Short messages that come and go: what went wrong, in kind words, with the next step."""

from nicegui import ui

from nimrod.web.client import ApiProblem
from nimrod.web.pages.wording import Words

_OURS = ("unreachable", "stream_broken", "unexpected")


def problem_text(problem: ApiProblem, words: Words) -> str:
    """The problem in one or two sentences: what happened, then what to do."""
    if problem.code in _OURS or not problem.detail:
        code = problem.code if problem.code in _OURS else "unexpected"
        return words(f"problem.{code}")
    return " ".join(part for part in (problem.detail, problem.next_step) if part)


def show_problem(problem: ApiProblem, words: Words) -> None:
    """A toast that stays long enough to be read, and can be closed."""
    _toast(problem_text(problem, words), "toast-bad", words, timeout_ms=9000)


def show_note(text: str, words: Words) -> None:
    """A toast for something good or neutral."""
    _toast(text, "toast-note", words, timeout_ms=4000)


def _toast(text: str, tone: str, words: Words, *, timeout_ms: int) -> None:
    close = {"label": words("close"), "color": tone, "flat": True, "noCaps": True}
    ui.notify(
        text, position="top", timeout=timeout_ms, multi_line=True, classes="toast", actions=[close], color=tone,
        textColor=tone, group=True, badgeClass="hidden",
    )  # fmt: skip
