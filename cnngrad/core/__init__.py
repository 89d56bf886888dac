"""What everything rests on: numbers, shapes, problems, traces, errors and text."""
