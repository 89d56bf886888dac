"""Random command lines with their files: a valid one of some command, changed in a few places."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from .mutation import NUMBERS, TOKENS, changed_bytes, changed_file, changed_number, encoded
from .seeds import STARTS_A_PROCESS, Command, Parameter, Seeds

FITTING = ("0", "1", "2", "3", "1,1", "1,2", "2,1", "same", "same-lower", "valid", "0,1,1,0")
SMALL = (
    *FITTING * 3,
    *(
        "0",
        "1",
        "2",
        "3",
        "-1",
        "1,2",
        "2,1",
        "0,1",
        "1,1,1,1",
        "0,1,2,3",
        "1,2,3",
        "",
        "x",
        "1.5",
        "1/2",
    ),
    *(
        "same",
        "same-lower",
        "valid",
        "1e3",
        "100",
        "99999",
        "2147483648",
        "9" * 500,
        "१",
        "1,",
        "1;2",
        "(1,2)",
    ),
)
MATRICES = (
    *(
        "0 1 2; 3 4 5; 6 7 8",
        "0 1; 2 3",
        "-1 -2; -3 -4",
        "1",
        "1 2 3",
        "[[1,2],[3,4]]",
        "0 0; 0 0",
        "3 1; 2 4",
    ),
    *(
        "1 1 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4",
        "1 1/2; -3 0.25",
        "1/3 1/7; 1/13 1/17",
        "1 _; ? 4",
        "[[1,2],[3]]",
    ),
    *(
        "1e308 1e308; 1 1",
        "1e-308 1; 2 3",
        "[[[1,2],[3,4]],[[5,6],[7,8]]]",
        "[[[[1,2],[3,4]]]]",
        ";;",
        "1 2; 3",
    ),
)
CELLS = (
    *(
        "dA_prev[1,1]",
        "dW[0,0]",
        "db[0]",
        "db",
        "Z[0,0]",
        "A[0,0]",
        "A_prev[1,1]",
        "W[0,0]",
        "dZ[0,0]",
        "x[0]",
    ),
    *(
        "dA_prev[9,9]",
        "dA_prev[-1,0]",
        "dW[",
        "dW[]",
        "dW[1;1]",
        "[0,0]",
        "dW[0,0,0,0]",
        "dW[0.5,0]",
        "dW 0 0",
    ),
    *(
        "dW[99999999999999999999,0]",
        "dW[१,१]",
        "dZ_prev[0,0]",
        "conv1.dW[0,0]",
        "dense1.dW[0,0]",
        "loss",
    ),
)
NAMES = (
    *(
        "dA_prev",
        "dW",
        "db",
        "Z",
        "A",
        "dZ_prev",
        "dw",
        "",
        "x",
        "all",
        "[red]",
        "\x1b[31m",
        "\udcff",
        "loss",
    ),
    *("pytorch", "keras", "theano", "onnx", "cs231n", "article", "deeplearning.ai"),
    *("conv1", "conv2", "dense1", "pool1", "relu1", "softmax1", "flatten1", "hidden"),
)
CALLS = ("f(dZ, A_prev, W)", "f(dZ, (A_prev, W, b, {'stride': stride, 'pad': padding}))", "f(", "x")
RETURNS = ("dA_prev, dW, db", "dW", "dW, dW", "x", "", ",")
STEPS = (
    "all",
    "none",
    "1",
    "3-7",
    "0",
    "-1",
    "1-2",
    "2-1",
    "1-99999999999",
    "1,3",
    "x",
    "",
    "1-",
    "9" * 400,
)
WEIGHTS = (
    "dA_prev=2,dW=2,db=1",
    "dW=1/0",
    "dW=-1",
    "=",
    "dW=1e308,db=1e-308",
    "dW=1e400",
    ",",
    "dW=2,dW=3",
)
PATTERNS = ("*.json", "**/*", "*", "", "/", "..", "../*", "[", "a\x00", "*/answer.json")
OUTPUTS = (
    ".json",
    ".csv",
    ".txt",
    ".md",
    ".tex",
    ".html",
    ".svg",
    ".npy",
    ".npz",
    ".gif",
    ".x",
    "",
)
PEOPLE = (
    *(
        "anna",
        "=1+1",
        "[red]x[/red]",
        "a\nb",
        "<b>",
        "\x1b[31mz",
        "-x",
        "李明",
        "\udcff",
        "a'b\"c",
        "x..",
        "CON",
    ),
    *("a" * 200, "@x", "answer", "Meier_Anna_12345_assignsubmission_file_"),
)
COLUMNS = ("20", "80", "80", "80", "200", "100000000", "x")


@dataclass
class Case:
    """One run: words, files, standard input and environment."""

    argv: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)


class Maker:
    """Makes the case of a number: the same each time, whatever was made before."""

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds
        self._folders = {name.rpartition("/")[0] for name in seeds.files if "/" in name} | {
            "answers",
            "class",
        }

    def case(self, seed: int, number: int) -> Case:
        """The case of this number."""
        return _Making(Random(f"{seed}/{number}"), self._seeds, self._folders).case()


class _Making:
    """One case while it is made."""

    def __init__(self, random: Random, seeds: Seeds, folders: set[str]) -> None:
        self.random = random
        self.seeds = seeds
        self.folders = folders
        self.made = Case()
        self.outputs = 0
        self.folder = ""
        self.command = ""
        self.by_metavar: dict[str, Callable[[], str]] = {
            "DATA": self.matrix,
            "ANSWER": self.answer,
            "PROBLEM": self.problem,
            "NETWORK": self.network,
            "CELL": lambda: random.choice(CELLS),
            "WHICH": lambda: random.choice(STEPS),
            "NAME": lambda: random.choice(NAMES),
            "WEIGHTS": lambda: random.choice(WEIGHTS),
            "PATTERN": lambda: random.choice(PATTERNS),
            "FILE.py:NAME": self.function,
            "CALL": lambda: random.choice(CALLS),
            "NAMES": lambda: random.choice(RETURNS),
            "MARK": lambda: random.choice((".", ",", "x")),
            "FILE": self.output,
            "DIR": self.output,
            "FOLDER": lambda: random.choice(sorted(self.folders)),
            "OP": lambda: random.choice(self.seeds.commands).name,
        }

    # ---- values -------------------------------------------------------------------------------

    def matrix(self) -> str:
        """A matrix: in words, as a file, or on standard input."""
        random = self.random
        pick = random.random()
        if pick < 0.6:
            text = random.choice(MATRICES)
            if random.random() < 0.3:
                text = changed_number(random, text.encode()).decode("utf-8", "surrogatepass")
            return text
        name = random.choice(self.seeds.matrices)
        if pick < 0.65:
            self.made.stdin = self.seeds.files[name]
            return "-"
        return name

    def answer(self) -> str:
        """An answer file, mostly to the problem that was taken before; or a matrix."""
        if self.random.random() < 0.3:
            return self.matrix()
        answers = [name for name in self.seeds.files if "answer" in name]
        fitting = [name for name in answers if name.startswith(self.folder)]
        return self.random.choice(fitting if fitting and self.random.random() < 0.9 else answers)

    def problem(self) -> str:
        """A problem or network file, mostly one for the command; or a sample's name."""
        if self.random.random() < 0.15:
            return self.sample()
        family = self.command.partition("-")[0]
        fitting = [name for name, op in self.seeds.ops.items() if op.startswith(family)]
        usual = fitting and self.random.random() < 0.8
        name = self.random.choice(fitting if usual else list(self.seeds.ops))
        self.folder = name.rpartition("/")[0]
        return name

    def network(self) -> str:
        """A network file."""
        networks = [name for name, op in self.seeds.ops.items() if op.startswith("network")]
        return self.random.choice(networks)

    def function(self) -> str:
        """A person's function."""
        files = [name for name in self.seeds.files if name.endswith(".py")]
        return self.random.choice(files) + self.random.choice(("", ":conv_backward", ":back", ":"))

    def sample(self) -> str:
        names = {name.split("/")[1] for name in self.seeds.files if name.startswith("samples/")}
        return self.random.choice((*sorted(names), "", "convolutio", ".."))

    def output(self) -> str:
        """A file to write: mostly new, at times one that is there."""
        pick = self.random.random()
        if pick < 0.04:
            return self.random.choice(("problem.json", "answers", "/", "", "no/where/x.json", "-"))
        if pick < 0.1:
            name = f"kept{self.random.choice(OUTPUTS)}"
            self.made.files[name] = b"what was there before"
            return name
        self.outputs += self.random.random() < 0.9  # else the same name twice
        return f"out{self.outputs}{self.random.choice(OUTPUTS)}"

    def value(self, parameter: Parameter) -> str:
        """A value for an option or an argument."""
        random = self.random
        if random.random() < 0.03:
            return random.choice(TOKENS)
        if parameter.choices:
            return random.choice((*parameter.choices * 4, "x", "", parameter.choices[0].upper()))
        low, high = parameter.bounds
        if low is not None or high is not None:
            near = {low, high, (low or 0) - 1, (low or 0) + 1, 2, (high or 0) + 1}
            return str(random.choice(sorted(n for n in near if n is not None and n < 100)))
        if parameter.metavar in self.by_metavar:
            return self.by_metavar[parameter.metavar]()
        return random.choice((*SMALL, *SMALL, *NUMBERS))

    def option(self, parameter: Parameter) -> list[str]:
        """An option as words."""
        name = self.random.choice(parameter.names)
        if parameter.is_flag:
            return [name]
        value = self.value(parameter)
        return [f"{name}={value}"] if self.random.random() < 0.2 else [name, value]

    def argument(self, parameter: Parameter) -> list[str]:
        """An argument as words: `[PROBLEM] CELL...` stands for two."""
        words = []
        for metavar in parameter.metavar.split() or [""]:
            if metavar == "[NAME]":
                words.append(self.sample())
            else:
                plain = re.sub(r"[]\[{}]|\.\.\.$", "", metavar)
                words.append(self.value(parameter._replace(metavar=plain)))
        return words

    # ---- the whole ------------------------------------------------------------------------------

    def case(self) -> Case:
        """A valid line of a random command, changed in a few places."""
        random = self.random
        if random.random() < 0.01:
            self.made.argv = [
                random.choice((*TOKENS, "--help", "--version", "-h", "--")) for _ in range(2)
            ]
        else:
            command = random.choice(self.seeds.commands)
            while command.name in STARTS_A_PROCESS and random.random() < 0.95:
                command = random.choice(self.seeds.commands)
            self.command = command.name
            parts = self.parts(command)
            for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3))):
                self.change(command, parts)
            self.made.argv = [command.name, *(word for part in parts for word in part)]
        self.made.argv = [word.replace("\x00", "\\0") for word in self.made.argv]
        self.lay()
        self.made.environment["COLUMNS"] = random.choice(COLUMNS)
        if random.random() < 0.15:
            self.made.environment["FORCE_COLOR"] = "1"
        return self.made

    def parts(self, command: Command) -> list[list[str]]:
        """A valid line, an option with its value being one part."""
        if command.arguments and (not command.lines or self.random.random() < 0.4):
            return [[word] for argument in command.arguments for word in self.argument(argument)]
        parts: list[list[str]] = []
        takes_value = {name for o in command.options if not o.is_flag for name in o.names}
        for word in self.random.choice(command.lines or ((),)):
            if parts and parts[-1][0] in takes_value and len(parts[-1]) == 1:
                parts[-1].append(word)
            else:
                parts.append([word])
        return parts

    def change(self, command: Command, parts: list[list[str]]) -> None:
        """Change one place of a line."""
        random = self.random
        pick = random.random()
        at = random.randrange(len(parts) + 1)
        known = {name: option for option in command.options for name in option.names}
        if pick < 0.55 and command.options:
            parts.insert(at, self.option(random.choice(command.options)))
        elif pick < 0.57:
            other = random.choice(self.seeds.commands)
            if other.options:
                parts.insert(at, self.option(random.choice(other.options)))
        elif at < len(parts):
            part = parts[at]
            if pick < 0.66:
                del parts[at]
            elif pick < 0.68:
                parts.insert(at, part)
            elif pick < 0.72:
                part[-1] = changed_bytes(random, encoded(part[-1])).decode(
                    "utf-8", "surrogateescape"
                )
            elif part[0] in known and not known[part[0]].is_flag:
                parts[at] = self.option(known[part[0]])
            elif part[0] in self.seeds.files:
                parts[at] = [self.problem() if part[0] in self.seeds.ops else self.matrix()]
            else:
                part[-1] = changed_number(random, encoded(part[-1])).decode(
                    "utf-8", "surrogateescape"
                )

    def lay(self) -> None:
        """Put the files that the words name into the case, changed or not."""
        for word in self.made.argv:
            for name in {word, re.sub(r"^--[\w-]+=", "", word)}:
                if name in self.seeds.files and name not in self.made.files:
                    self.put(name, name)
                elif (file := name.partition(":")[0]) in self.seeds.files:
                    self.put(file, file)
                elif name.rstrip("/") in self.folders:
                    self.lay_folder(name.rstrip("/"))
        if self.made.stdin:
            self.made.stdin = changed_file(self.random, ".json", self.made.stdin, self.seeds.keys)

    def lay_folder(self, folder: str) -> None:
        """A folder of answers with some of its files, a few under odd names."""
        here = [name for name in self.seeds.files if name.startswith(folder + "/")]
        for name in self.random.sample(here, min(len(here), self.random.choice((1, 2, 3, 4)))):
            target = name
            if self.random.random() < 0.3:
                first, _, rest = name.removeprefix(folder + "/").partition("/")
                person = self.random.choice(PEOPLE)
                ending = "/" + rest if rest else "." + first.rpartition(".")[2]
                target = f"{folder}/{person}{ending}"
            self.put(target, name)

    def put(self, target: str, name: str) -> None:
        data = changed_file(self.random, name, self.seeds.files[name], self.seeds.keys)
        self.made.files[target] = data
