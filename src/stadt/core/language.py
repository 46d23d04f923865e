"""Choose between a German and an English sentence where Django's translations are not loaded yet."""

import os


def in_words(german: str, english: str) -> str:
    """The sentence in the language of the terminal: English where the locale starts with `en`, else German."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return english if spoken.lower().startswith("en") else german
