"""Personal data: none of its own. What a reporter says is the case's; the projection holds what may be published.

Voices of today (`VoiceOfDay`) are digests keyed with a secret that is deleted with the day, and lead back to nobody; only a
backup of that day holds both as long as it is kept.
"""

NOT_PERSONAL = {
    "PublicIssue.street": "the street of the thing that was reported, without a house number",
}
