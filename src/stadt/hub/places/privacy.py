"""Personal data of the places: none. Addresses are those of buildings, from official registers, and belong to nobody here."""

NOT_PERSONAL = {
    "Spot.street": "name of a street in the official register of addresses",
}
