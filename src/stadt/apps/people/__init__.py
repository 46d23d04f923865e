"""The pages about people: who works here, in which role, and until when."""
