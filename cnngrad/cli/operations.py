"""Commands and options made from the specs of the operations, without NumPy."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from inspect import Parameter
from typing import Annotated, Any, Literal

import typer

from ..core.settings import OneOf, Setting, Whole, YesNo
from ..core.spec import BACKWARD, Operand, OpSpec
from ..core.text import say
from ..layers import specs
from . import options as opt

Options = Mapping[str, Any]
"""What stands behind the options that pose a problem, by key; None where one is not given."""


def operation_command(spec: OpSpec) -> Callable[..., int]:
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

    options = _options_of([spec])
    run.__doc__ = help_of(spec)
    return _with_options(run, options, leave_out="" if spec.direction == BACKWARD else "gradient")


def takes_problem(command: Callable[..., int]) -> Callable[..., int]:
    """A command that has, beside its own parameters, the options of all operations.

    It receives them together, as `options`.
    """
    asked = sorted(specs(), key=lambda spec: spec.direction != BACKWARD)
    return _with_options(command, _options_of(asked))


def takes_settings(*settings: Setting) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Make a command that has the options of these settings, and receives them as `options`."""
    options = {setting.name: _setting_option(setting) for setting in settings}
    return lambda command: _with_options(command, options)


def help_of(spec: OpSpec) -> str:
    r"""The help text of an operation's command; `\b` keeps the lines of its example apart."""
    example = "\n".join(f"  {line}" for line in spec.example.strip().splitlines())
    return "\n\n".join([say(spec.title), f"\b\n{example}", *map(say, spec.notes)])


def _with_options(
    command: Callable[..., int], more: Mapping[str, Parameter], leave_out: str = ""
) -> Callable[..., int]:
    """A command whose parameter `options` is replaced by these options."""
    parameters: list[Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "options":
            parameters += more.values()
        elif parameter.name != leave_out:
            parameters.append(parameter.replace(kind=Parameter.POSITIONAL_OR_KEYWORD))

    def run(**values: Any) -> int:
        options = {name: values.pop(name) for name in more}
        return command(**values, options=options)

    run.__doc__ = command.__doc__
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _options_of(asked: Iterable[OpSpec]) -> dict[str, Parameter]:
    """The options of all matrices and settings, each once; a choice has the words of all."""
    settings: dict[str, Setting] = {}
    found: dict[str, Parameter] = {}
    for spec in asked:
        for operand in spec.operands:
            if operand.key not in found:
                found[operand.key] = _operand_option(operand)
        for setting in spec.settings:
            known = settings.setdefault(setting.name, setting)
            if isinstance(known.kind, OneOf) and isinstance(setting.kind, OneOf):
                words = dict.fromkeys((*known.kind.words, *setting.kind.words))
                settings[setting.name] = known._replace(kind=OneOf(*words))
            found[setting.name] = _setting_option(settings[setting.name])
    return found


def _operand_option(operand: Operand) -> Parameter:
    option = typer.Option(f"--{operand.key}", metavar="DATA", help=say(operand.help))
    return _parameter(operand.key, Annotated[str | None, option])


def _setting_option(setting: Setting) -> Parameter:
    kind = setting.kind
    names = list(setting.options)
    words: Any = str
    if isinstance(kind, OneOf):
        words = Literal[*kind.words]
    elif isinstance(kind, YesNo):
        words = bool
        names[0] += "".join(f"/{name}" for name in setting.negatives)
    elif isinstance(kind, Whole):
        words = int
    metavar = setting.metavar or kind.metavar or None
    option = typer.Option(*names, metavar=metavar, help=say(setting.help))
    return _parameter(setting.name, Annotated[words | None, option])


def _parameter(name: str, annotation: object) -> Parameter:
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=annotation)
