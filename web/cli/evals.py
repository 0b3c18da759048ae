"""`nimrod eval run` and `nimrod eval prove`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from nimrod.web.cli import Builder

if TYPE_CHECKING:
    from nimrod.evals.form.loader import Loaded
    from nimrod.evals.results import RunResult
    from nimrod.evals.workers import Order

PASSED, FAILED, BAD_FILES = 0, 1, 2

Files = Annotated[list[Path] | None, typer.Argument(help="Case files or folders; all that come with Nimrod if none.")]
Only = Annotated[list[str] | None, typer.Option("--only", help="Only cases whose id contains this; may be repeated.")]
Split = Annotated[str, typer.Option(help="Only cases of this split: dev or held_out.")]
Json = Annotated[Path | None, typer.Option("--json", help="Write the JSON report here.")]
JUnit = Annotated[Path | None, typer.Option("--junit", help="Write JUnit XML here.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write one HTML page here.")]
Jobs = Annotated[int, typer.Option(min=0, help="Processes; 0 chooses.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every case, not only those that failed.")]


def register(commands: typer.Typer, build: Builder) -> None:
    """Add the `eval` commands. Workers build the service by its name, so that they can be processes of their own."""
    del build
    evals = typer.Typer(help="Play the eval cases, or prove that they judge well.", no_args_is_help=True)
    evals.command("run")(run)
    evals.command("prove")(prove)
    evals.command("schema")(schema)
    commands.add_typer(evals, name="eval")


def run(
    *,
    files: Files = None,
    repeat: Annotated[int, typer.Option(min=1, max=1000, help="Play every case so often.")] = 1,
    json: Json = None,
    junit: JUnit = None,
    html: Html = None,
    only: Only = None,
    split: Split = "",
    model_url: Annotated[str, typer.Option(help="OpenAI-compatible endpoint; the local model if none.")] = "",
    model: Annotated[str, typer.Option(help="Model name at that endpoint.")] = "",
    jobs: Jobs = 0,
    verbose: Verbose = False,
) -> None:
    """Play the cases with the agent. Exit code 0: all passed; 1: some failed; 2: the case files are wrong.

    The key for --model-url is read from NIMROD_MODEL_KEY.
    """
    if bool(model_url) != bool(model):
        _refuse(["--model-url and --model go together"])
    from nimrod.evals.stage.stage import Model
    from nimrod.evals.workers import Order

    endpoint = Model(model_url, os.environ.get("NIMROD_MODEL_KEY", "none"), model) if model_url else Model()
    order = Order("run", model=endpoint, repeat=repeat)
    result = _carried(_chosen(files, only, split), order, jobs)
    _finish(result, json, junit, html, verbose=verbose)


def prove(
    *,
    files: Files = None,
    chances: Annotated[int, typer.Option(min=0, max=100, help="Random actors a case.")] = 3,
    json: Json = None,
    junit: JUnit = None,
    html: Html = None,
    only: Only = None,
    split: Split = "",
    jobs: Jobs = 0,
    verbose: Verbose = False,
) -> None:
    """Prove every case: its right answer passes, doing nothing fails, random actors fail. Exit codes as for run."""
    from nimrod.evals.workers import Order

    order = Order("prove", chances=chances)
    result = _carried(_chosen(files, only, split), order, jobs)
    _finish(result, json, junit, html, verbose=verbose)


def schema() -> None:
    """Print the JSON schema of a case file."""
    from nimrod.evals.form.schema import case_file_schema

    typer.echo(case_file_schema(), nl=False)


def _carried(cases: "list[Loaded]", order: "Order", jobs: int) -> "RunResult":
    from nimrod.evals.workers import carry

    return carry(cases, order, jobs=jobs, done=_tick)


def _chosen(files: list[Path] | None, only: list[str] | None, split: str) -> "list[Loaded]":
    from nimrod.evals.form.loader import BadCaseFiles, load

    try:
        cases = load(files or ())
    except BadCaseFiles as wrong:
        _refuse(wrong.mistakes)
    chosen = [one for one in cases if not only or any(part in one.case.id for part in only)]
    chosen = [one for one in chosen if split in ("", one.case.split)]
    if not chosen:
        _refuse(["no case is chosen: look at --only and --split"])
    return chosen


def _refuse(mistakes: list[str]) -> NoReturn:
    for mistake in mistakes:
        typer.echo(mistake, err=True)
    raise typer.Exit(BAD_FILES)


def _tick(case_id: str, passed: bool) -> None:
    """One mark a run, on a terminal only."""
    if sys.stderr.isatty():
        typer.echo("." if passed else "F", err=True, nl=False)


def _finish(result: "RunResult", json: Path | None, junit: Path | None, html: Path | None, *, verbose: bool) -> None:
    from nimrod.evals import report

    if json:
        report.write_json(result, json)
    if junit:
        report.write_junit(result, junit)
    if html:
        report.write_html(result, html)
    if sys.stderr.isatty():
        typer.echo("", err=True)
    typer.echo(report.console(result, verbose=verbose))
    raise typer.Exit(PASSED if result.good else FAILED)
