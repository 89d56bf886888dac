"""`python -m cnngrad`."""

from .cli import start

if __name__ == "__main__":
    start()
