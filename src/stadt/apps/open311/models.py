"""Updates that other programs sent, so that the same one sent twice is one."""

from django.db import models


class ReceivedUpdate(models.Model):
    """An update by the sender's own number. Holds nothing of what was written: that stands with the case."""

    token_id = models.BigIntegerField()
    update_id = models.CharField(max_length=200)
    case_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("token_id", "update_id"), name="open311_update_once"),
        ]

    def __str__(self) -> str:
        return self.update_id
