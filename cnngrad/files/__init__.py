"""Files and text → arrays and problems, and results → files."""

from .arrays import read_array as read_array
from .problem_reader import ProblemFile as ProblemFile
from .problem_reader import read_problem as read_problem
from .source import Source as Source
from .source import open_source as open_source
