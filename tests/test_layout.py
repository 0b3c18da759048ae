"""The house keeps its shape: packages, sizes, names, and every requirement carried by a proof."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agents", "tools", "mcp_servers", "domain", "platform", "evals", "prompts", "web", "cities")
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
MAX_FILE_LINES, MAX_FUNCTION_LINES = 300, 50
REQUIREMENTS = ROOT / "docs" / "requirements.md"


def sources() -> Iterator[Path]:
    for room in (*ROOMS, "benchmarks", "tests"):
        yield from (p for p in (ROOT / room).rglob("*.py") if "versions" not in p.parts)
    yield ROOT / "app.py"


def packages_in_tree() -> set[str]:
    found = {"nimrod"}
    for room in ROOMS:
        for folder in (ROOT / room, *(d for d in (ROOT / room).rglob("*") if d.is_dir())):
            holds_data = any(p.suffix in {".yaml", ".md", ".css", ".js", ".json"} for p in folder.glob("*"))
            if "__pycache__" not in folder.parts and (any(folder.glob("*.py")) or holds_data):
                found.add("nimrod." + ".".join(folder.relative_to(ROOT).parts))
    return found


def test_the_wheel_lists_every_package_of_the_tree() -> None:
    assert set(PACKAGES) == packages_in_tree()


def test_our_platform_folder_does_not_hide_the_standard_library() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    run = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.system())"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {str(p.relative_to(ROOT)): n for p in sources() if (n := len(p.read_text().splitlines())) > MAX_FILE_LINES}
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")
    assert long == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "manager", "common", "misc"}
    assert [str(p) for p in sources() if p.stem in vague or vague & set(p.relative_to(ROOT).parts)] == []


def test_everything_is_swallowed_only_at_the_edges() -> None:
    edges = {"mcp_servers/errors.py", "web/errors.py"}
    broad = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        if name.startswith("tests/") or name in edges:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ExceptHandler):
                continue
            passed_on = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if not passed_on and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}):
                broad.append(f"{name}:{node.lineno}")
    assert broad == []


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter], cwd=ROOT, env={**os.environ, "PYTHONPATH": ".types"}, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


# Requirements: each line names its proof, and the proof exists.


def rows() -> list[tuple[str, str]]:
    found = re.findall(r"^\| ([A-Z]{3}-\d\d) \|.*\| ([^|]*) \|$", REQUIREMENTS.read_text(), re.MULTILINE)
    assert len(found) > 50
    return [(str(a), str(b)) for a, b in found]


def eval_ids() -> set[str]:
    text = "\n".join(p.read_text() for p in (ROOT / "evals").rglob("*.yaml"))
    return set(re.findall(r"^- id: ([\w-]+)", text, re.MULTILINE))


@pytest.mark.parametrize(("requirement", "proof"), rows())
def test_a_requirement_names_a_proof_that_exists_or_says_not_built_yet(requirement: str, proof: str) -> None:
    if proof.startswith("not built yet"):
        return
    named = re.findall(r"`([^`]+)`", proof)
    assert named, f"{requirement} names no proof"
    cases = eval_ids()
    for name in named:
        path, _, item = name.partition("::")
        if name.startswith("eval:"):
            assert name.removeprefix("eval:") in cases, f"{requirement}: no eval case {name}"
        else:
            assert (ROOT / path).is_file(), f"{requirement}: no file {path}"
            assert not item or f"def {item}(" in (ROOT / path).read_text(), f"{requirement}: no test {item} in {path}"
