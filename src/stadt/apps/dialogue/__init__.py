"""Talk about the strategy: news to subscribe to, questions to those responsible and their public answers."""
