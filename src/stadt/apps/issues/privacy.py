"""Personal data: none of its own. What a reporter says is the case's; the projection holds what may be published."""

NOT_PERSONAL = {
    "PublicIssue.street": "the street of the thing that was reported, without a house number",
}
