"""For the terminal: styled text laid out in lines."""
