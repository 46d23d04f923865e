"""Who acts in the city: accounts, organisations, roles, and the actor of a request."""
