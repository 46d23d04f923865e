"""What an operator opens first in the morning: does anything need a person, and what to do."""
