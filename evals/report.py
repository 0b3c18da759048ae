"""A run as people and machines read it: console table, JSON, JUnit XML, one HTML page."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree as Xml

from nimrod.evals.results import CaseResult, RunResult

REASON_WIDTH = 160


def console(result: RunResult, *, verbose: bool = False) -> str:
    """A table of what failed (of everything when verbose), and the sums."""
    shown = [case for case in result.cases if verbose or not case.passed]
    width = max((len(case.id) for case in shown), default=0)
    lines = [line for case in shown for line in _rows(case, width, verbose=verbose)]
    summary = result.summary()
    low, high = summary["pass_rate_95"]
    sums = [f"{summary['passed']} of {summary['cases']} cases passed", f"{summary['failed']} failed"]
    sums += [f"{summary['errors']} errors", f"{summary['wall_s']:.1f} s"]
    if result.repeat > 1:
        hats = ", ".join(f"pass^{k} {summary[f'pass^{k}']:.3f}" for k in range(1, result.repeat + 1))
        sums.append(f"{hats}; runs passed {low:.1%} to {high:.1%} (95 %)")
    return "\n".join([*lines, *([""] if lines else []), f"{result.title}: {', '.join(sums)}"])


def _rows(case: CaseResult, width: int, *, verbose: bool) -> Iterator[str]:
    mark = "ok   " if case.passed else "ERROR" if case.errored else "FAIL "
    runs = f" {case.passes}/{case.runs}" if case.runs > 1 else ""
    yield f"{mark} {case.id:<{width}} {case.harm:<6} {case.wall_s:5.2f} s{runs}"
    for reason in case.reasons:
        yield f"      - {reason if verbose else reason[:REASON_WIDTH]}"
    if not case.passed:
        yield f"      at {case.file}:{case.line}"


def write_json(result: RunResult, path: Path) -> None:
    """The JSON report, documented in docs/evals.md."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result.to_json(), indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")


def write_junit(result: RunResult, path: Path) -> None:
    """JUnit XML: one test case a case; failures carry the reasons and the talk."""
    summary = result.summary()
    counts = {"tests": summary["cases"], "failures": summary["failed"], "errors": summary["errors"]}
    attributes = {"name": f"nimrod {result.title}", **{key: str(value) for key, value in counts.items()}}
    suite = Xml.Element("testsuite", {**attributes, "time": f"{result.wall_s:.3f}"})
    for case in result.cases:
        place = {"classname": _class_name(case), "name": case.id, "file": case.file, "line": str(case.line)}
        row = Xml.SubElement(suite, "testcase", {**place, "time": f"{case.wall_s:.3f}"})
        if not case.passed:
            kind = "error" if case.errored else "failure"
            failure = Xml.SubElement(row, kind, {"message": _printable("; ".join(case.reasons))})
            failure.text = _printable(talk(case))
    root = Xml.Element("testsuites", attributes)
    root.append(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def talk(case: CaseResult) -> str:
    """The played talk as text."""
    lines: list[str] = []
    for one in case.trace:
        lines.append(f"[{one['turn']}] {one['as']} {one['action']}: {one['sent']}")
        for call in one["tool_calls"]:
            outcome = f"ERROR {call['error']}" if call["error"] else "ok"
            lines.append(f"    {call['name']} {json.dumps(call['arguments'], ensure_ascii=False)} -> {outcome}")
        lines += [f"    card {card.get('proposal_id')}: {card.get('title')}" for card in one["pending"]]
        if one["refused"]:
            lines.append(f"    refused: {one['refused']}")
        if one["reply"]:
            lines.append(f"    agent: {one['reply']}")
    return "\n".join(lines)


def write_html(result: RunResult, path: Path) -> None:
    """One page with everything in it: sums, then each case with its reasons and its talk."""
    summary = result.summary()
    rows = "\n".join(_html_row(case) for case in result.cases)
    sums = " &middot; ".join(f"{escape(str(key))} <b>{escape(str(value))}</b>" for key, value in summary.items())
    title = escape(f"Nimrod {result.title}")
    page = f"{_HEAD.replace('TITLE', title)}<h1>{title}</h1><p>{sums}</p>{rows}</main></html>\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>TITLE</title>
<meta name="viewport" content="width=device-width"><style>
body{font:15px/1.45 system-ui,sans-serif;margin:0;background:#f6f7f8;color:#1b1f24}
main{max-width:60rem;margin:auto;padding:1rem}
details{background:#fff;border-left:4px solid #2b8a3e;margin:.3rem 0;padding:.3rem .7rem}
details.bad{border-color:#c92a2a}summary{cursor:pointer}small{color:#667}li{color:#a61e1e}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
</style><main>
"""


def _html_row(case: CaseResult) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in case.reasons)
    facts = escape(" ".join([case.harm, case.split, *case.tags, f"{case.passes}/{case.runs}", f"{case.wall_s:.2f} s"]))
    state = "" if case.passed else ' class="bad" open'
    head = f"<summary>{escape(case.id)} <small>{facts}</small></summary>"
    return f"<details{state}>{head}<ul>{reasons}</ul><pre>{escape(talk(case))}</pre></details>"


def _class_name(case: CaseResult) -> str:
    path = Path(case.file)
    return ".".join([path.parent.name, path.stem])


def _printable(text: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(one for one in text if one in "\t\n" or (ord(one) >= 32 and not 0xFFFE <= ord(one) <= 0xFFFF))
