"""For paper: LaTeX, Markdown, worksheets and feedback."""
