"""Case files into cases; every mistake is told with file and line, all of them at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from nimrod.evals.form.case import Case
from nimrod.evals.form.lint import mistakes_in
from nimrod.evals.form.plain_yaml import nodes, read
from nimrod.evals.form.world import World

HERE = Path(__file__).resolve().parent.parent
WORLDS = HERE / "worlds"
_CASE = TypeAdapter(Case)


class BadCaseFiles(Exception):
    """Case files that cannot be played; `mistakes` are ready to print, one a line."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case, where it was read, and its world with every `extends` followed."""

    case: Case
    file: str
    line: int
    world: World


def find_files(paths: Iterable[Path] = ()) -> list[Path]:
    """The YAML files meant: files as they are, folders searched; with none, the cases that come with the project."""
    wanted = list(paths) or [one for one in sorted(HERE.iterdir()) if one.is_dir() and one != WORLDS]
    found: list[Path] = []
    for path in wanted:
        if not path.exists():
            raise BadCaseFiles([f"{path}: no such file or folder"])
        inside = sorted(p for p in path.rglob("*") if p.suffix in {".yaml", ".yml"}) if path.is_dir() else [path]
        found += [p for p in inside if p not in found]
    if not found:
        raise BadCaseFiles([f"{', '.join(map(str, wanted))}: no case files (*.yaml) there"])
    return found


def load(paths: Iterable[Path] = ()) -> list[Loaded]:
    """All cases of these files in order; raises BadCaseFiles naming every mistake."""
    loaded: list[Loaded] = []
    mistakes: list[str] = []
    for path in find_files(paths):
        cases, wrong = _load_file(path)
        loaded += cases
        mistakes += wrong
    first: dict[str, Loaded] = {}
    for one in loaded:
        other = first.setdefault(one.case.id, one)
        if other is not one:
            mistakes.append(f"{one.file}:{one.line}: case id {one.case.id!r} is taken by {other.file}:{other.line}")
    if mistakes:
        raise BadCaseFiles(mistakes)
    return loaded


def load_world(world: World, *, near: Path, seen: tuple[str, ...] = ()) -> World:
    """The world with every `extends` followed; names are looked up beside the case file, then in evals/worlds."""
    if world.extends is None:
        return world
    if world.extends in seen:
        raise ValueError(f"worlds extend each other in a ring: {' -> '.join([*seen, world.extends])}")
    for folder in (near, near / "worlds", WORLDS):
        file = folder / f"{world.extends}.yaml"
        if file.is_file():
            base = World.model_validate(read(file.read_text(encoding="utf-8")) or {})
            return world.over(load_world(base, near=near, seen=(*seen, world.extends)))
    names = ", ".join(sorted(p.stem for p in WORLDS.glob("*.yaml")))
    raise ValueError(f"no world is named {world.extends!r}; there are: {names}")


def _load_file(path: Path) -> tuple[list[Loaded], list[str]]:
    try:
        text = path.read_text(encoding="utf-8")
        root = nodes(text)
        data = read(text)
    except (OSError, UnicodeDecodeError) as wrong:
        return [], [f"{path}: cannot be read: {wrong}"]
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        problem = str(getattr(wrong, "problem", wrong))
        hint = " (put a text with ? or : or , in it between quotes)" if "but got '?'" in problem else ""
        return [], [f"{path}:{mark.line + 1 if mark else 1}: not YAML: {problem}{hint}"]
    if not isinstance(data, list) or not isinstance(root, yaml.SequenceNode) or not data:
        return [], [f"{path}:1: a case file is a YAML list of cases"]
    cases: list[Loaded] = []
    mistakes: list[str] = []
    for node, raw in zip(root.value, data, strict=True):
        line = node.start_mark.line + 1
        name = raw.get("id", "without id") if isinstance(raw, dict) else "not a mapping"
        try:
            case = _CASE.validate_python(raw)
            world = load_world(case.world, near=path.parent).with_someone(case.as_)
        except ValidationError as wrong:
            mistakes += [f"{path}:{_line_of(node, e['loc'])}: {name}: {_told(e)}" for e in wrong.errors()]
        except ValueError as wrong:
            mistakes.append(f"{path}:{_line_of(node, ('world',))}: {name}: world: {wrong}")
        else:
            mistakes += [f"{path}:{_line_of(node, at)}: {name}: {said}" for at, said in mistakes_in(case, world)]
            cases.append(Loaded(case, str(path), line, world))
    return cases, mistakes


def _told(error: object) -> str:
    assert isinstance(error, dict)
    where = ".".join(str(part) for part in error["loc"]) or "case"
    what = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(error["type"], error["msg"])
    return f"{where}: {str(what).removeprefix('Value error, ')}"


def _line_of(node: yaml.Node, loc: Sequence[str | int]) -> int:
    """The line of the deepest part of `loc` that is in the file, counted from 1."""
    line = node.start_mark.line
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            hit = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if hit is None:
                continue
            line, node = hit[0].start_mark.line, hit[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
    return line + 1
