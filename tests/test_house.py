"""The house: who may import whom, and what each command loads."""

import ast
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import PATIENCE, ROOT

from cnngrad.cli.app import COMMANDS

PACKAGE = ROOT / "cnngrad"
FLOW = [
    "core",
    "engine",
    "pictures",
    "diagnosis",
    "layers",
    "files",
    "network",
    "grading",
    "testing",
    "show",
    "api",
    "cli",
]
"""A module imports only from the rooms before its own, or from its own room."""

AGAINST: set[tuple[str, str]] = set()
"""Modules that still import from a room above their own. Nothing is added here."""


def imports(path: Path, top_level_only: bool = False):
    """(room, line) for each import of this package; outside packages as ("rich", line)."""
    here = [*path.relative_to(ROOT).with_suffix("").parts]
    if here[-1] == "__init__":
        here.append("")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_level_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = here[: -node.level] if node.level else []
            full = [*base, *(node.module.split(".") if node.module else [])]
            if full[:1] == ["cnngrad"]:
                names = [full[1]] if len(full) > 1 else [name.name for name in node.names]
                for name in names:
                    yield f"cnngrad.{name}", node.lineno
            elif full:
                yield full[0], node.lineno


def rooms():
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room not in ("__init__", "__main__"):
            yield room, path


def test_every_room_has_its_place_in_the_flow():
    assert {room for room, _ in rooms()} <= set(FLOW)


def test_data_flows_one_way():
    against = {
        (str(path.relative_to(PACKAGE)), target)
        for room, path in rooms()
        for name, _ in imports(path)
        if name.startswith("cnngrad.") and (target := name.removeprefix("cnngrad.")) in FLOW
        if FLOW.index(target) > FLOW.index(room)
    }
    assert against == AGAINST


def modules():
    """Each module of the package by its dotted name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(name: str, path: Path, known: set[str]):
    """The modules of this package that a module imports, wherever in it the import stands."""
    here = name.split(".") + ["__init__"] * (path.name == "__init__.py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = [*here[: -node.level]] if node.level else []
            package = ".".join([*base, *(node.module.split(".") if node.module else [])])
            for alias in node.names:
                whole = f"{package}.{alias.name}"
                yield whole if whole in known else package


ROUND = {
    ("cnngrad.grading.verdict", "cnngrad.grading.messages"),
    ("cnngrad.cli.request", "cnngrad.cli.run_operation"),
    ("cnngrad.cli.run_operation", "cnngrad.cli.commands.check"),
}
"""Imports that still close a circle inside a room. Nothing is added here."""


def test_no_import_leads_back_to_where_it_started():
    """Inside the rooms too, and counting imports that wait until they are needed."""
    places = dict(modules())
    graph = {
        name: set(imported(name, path, set(places))) & set(places) - {"cnngrad", name}
        for name, path in places.items()
        if name != "cnngrad"  # the door, which names all that can be had
    }
    for module, other in ROUND:
        graph.get(module, set()).discard(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_a_layer_never_imports_another():
    layers = PACKAGE / "layers"
    kinds = {path.name for path in layers.iterdir() if (path / "layer.py").exists()}
    for path in layers.glob("*/*.py"):
        others = kinds - {path.parent.name}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
                assert node.module.partition(".")[0] not in others, path


@pytest.mark.parametrize(
    ("package", "at_home"),
    [
        ("rich", {"show", "cli"}),
        ("typer", {"cli"}),
        ("textual", {"show"}),
        ("distributed", {"grading"}),
        ("PIL", {"show"}),
    ],
)
def test_outside_packages_stay_where_they_belong(package, at_home):
    found = {room for room, path in rooms() if package in {name for name, _ in imports(path)}}
    assert found <= at_home


HEAVY = ("numpy", "rich", "textual", "distributed", "PIL", "pydantic", "multiprocessing", "asyncio")

MATRICES = "--input", "0 1; 2 3", "--kernel", "1", "--dz", "1 2; 3 4"


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["--version"], set()),
        (["--help"], set()),
        *(([command, "--help"], set()) for command in COMMANDS),
        (["conv-backward", *MATRICES], {"numpy"}),
        (["conv-backward", *MATRICES, "--format", "json"], {"numpy"}),
        (["example"], {"numpy"}),
    ],
)
def test_a_command_loads_only_what_it_needs(arguments, allowed):
    program = (
        "import sys; from cnngrad.cli import main; main(sys.argv[1:]);"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert set(run.stderr.split()) <= allowed


def test_importing_the_package_loads_no_rich():
    program = "import sys, cnngrad; print('rich' in sys.modules, 'typer' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False False\n"


def test_every_public_name_can_be_imported():
    import cnngrad

    for name in cnngrad.__all__:
        assert getattr(cnngrad, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = cnngrad.nothing


def waits(path: Path):
    """Where a test file sleeps, or gives something less time than a busy machine may need."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        limits = [k.value.value for k in node.keywords if k.arg == "timeout" and constant(k.value)]
        if called(node.func) == "sleep" or any(limit < PATIENCE for limit in limits):
            yield f"{path.name}:{node.lineno}"


def called(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def constant(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)


def test_no_test_depends_on_the_clock():
    """`until` of conftest.py waits for what is to come, however long it takes."""
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "benchmarks" not in path.parts]
    found = [place for path in tests for place in waits(path)]
    assert [place.partition(":")[0] for place in found] == ["conftest.py"], found
