"""Commands and options made from the specs of the operations, without NumPy."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import typer
from typer.models import ParamMeta

from ..core.settings import OneOf, Setting, Whole, YesNo
from ..core.spec import BACKWARD, Operand, OpSpec
from ..layers import specs
from . import options as opt

Options = Mapping[str, Any]
"""What stands behind the options that pose a problem, by key; None where one is not given."""


class Described(NamedTuple):
    """A command as it is made known to Typer: a function, and options that come from specs."""

    run: Callable[..., int]
    """Its own parameters are in its signature; it takes the options by keyword besides."""
    options: Callable[[], Iterable[ParamMeta]] = tuple
    place: int = 0
    """Behind how many of its own parameters the options stand in its help."""


def operation_command(spec: OpSpec) -> Described:
    """The command of an operation."""

    def run(
        problem: opt.ProblemFile = None,
        *,
        options: Options,
        gradient: opt.Gradient = None,
        steps: opt.Steps = None,
        format: opt.OutputFormat = "table",  # noqa: A002 - the option's name
        output: opt.Output = None,
        force: opt.Force = False,
        check: opt.Check = None,
        exact: opt.Exact = None,
        no_color: opt.NoColor = False,
        quiet: opt.Quiet = False,
    ) -> int:
        from .run_operation import Request, operate  # with NumPy, so that `--help` comes at once

        request = Request(
            gradient=gradient,
            steps=steps,
            format=format,
            output=output,
            force=force,
            check=check,
            exact=exact,
            no_color=no_color,
            quiet=quiet,
        )
        return operate(spec, problem, options, request)

    left_out = "" if spec.direction == BACKWARD else "gradient"
    return _described(run, lambda: _options_of([spec], short=True), left_out)


def takes_problem(command: Callable[..., int]) -> Described:
    """A command that has, beside its own parameters, the options of all operations.

    It receives them together, as `options`.
    """

    def options() -> list[ParamMeta]:
        return _options_of(sorted(specs(), key=lambda spec: spec.direction != BACKWARD))

    return _described(command, options)


def takes_settings(*settings: Setting) -> Callable[[Callable[..., int]], Described]:
    """Make a command that has the options of these settings, and receives them as `options`."""
    return lambda command: _described(command, lambda: map(_setting_option, settings))


def _described(
    command: Callable[..., int],
    options: Callable[[], Iterable[ParamMeta]],
    left_out: str = "",
) -> Described:
    """A command that receives these options together, as its parameter `options`."""
    own = inspect.signature(command).parameters
    kept = [
        parameter.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
        for name, parameter in own.items()
        if name not in ("options", left_out)
    ]

    def run(**values: Any) -> int:
        posing = {name: values.pop(name) for name in values.keys() - own.keys()}
        return command(**values, options=posing)

    run.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    return Described(run, options, list(own).index("options"))


def _options_of(asked: Iterable[OpSpec], short: bool = False) -> list[ParamMeta]:
    """The options of all matrices and settings, each once; a choice has the words of all.

    One letter stands for an option where a command has the options of one operation.
    """
    settings: dict[str, Setting] = {}
    found: dict[str, ParamMeta] = {}
    for spec in asked:
        for operand in spec.operands:
            if operand.key not in found:
                found[operand.key] = _operand_option(operand)
        for setting in spec.settings:
            known = settings.get(setting.name, setting)
            if isinstance(known.kind, OneOf) and isinstance(setting.kind, OneOf):
                words = dict.fromkeys((*known.kind.words, *setting.kind.words))
                known = known._replace(kind=OneOf(*words))
            settings[setting.name] = known
            found[setting.name] = _setting_option(known, short)
    return list(found.values())


def _operand_option(operand: Operand) -> ParamMeta:
    option = typer.Option(None, f"--{operand.key}", metavar="DATA", help=operand.help)
    return ParamMeta(name=operand.key, default=option, annotation=str)


def _setting_option(setting: Setting, short: bool = False) -> ParamMeta:
    kind = setting.kind
    names = list(setting.options)
    if short and setting.short:
        names.append(setting.short)
    words: Any = str
    if isinstance(kind, OneOf):
        words = Literal[*kind.words]
    elif isinstance(kind, YesNo):
        words = bool
        names[0] += "".join(f"/{name}" for name in setting.negatives)
    elif isinstance(kind, Whole):
        words = int
    metavar = setting.metavar or kind.metavar or None
    option = typer.Option(None, *names, metavar=metavar, help=setting.help)
    return ParamMeta(name=setting.name, default=option, annotation=words)
