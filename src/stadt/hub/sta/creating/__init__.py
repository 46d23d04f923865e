"""Creating entities: bodies are checked whole, then written in one transaction or not at all."""
