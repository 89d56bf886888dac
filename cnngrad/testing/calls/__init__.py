"""A person's function called: its calling, its layout, a process of its own."""
