"""A fuzzer of the command line: valid commands and files, changed at random; what may not happen.

`python -m tests.fuzz --executions 30000 --seed 7` runs it from the top of the clone. Commands and
options come from the program itself, so a new command is fuzzed from its first day.
"""
