"""What `stadt doctor` asks about forms."""

from django.utils.translation import gettext

from stadt.civic.forms.canonical import digest_of_json
from stadt.civic.forms.loading import city_forms
from stadt.civic.forms.queries import list_forms
from stadt.core.errors import ConfigurationError


def check_forms() -> str | None:
    """Every form of the city's folder can be read and is the one that is offered."""
    try:
        forms = city_forms()
    except ConfigurationError as error:
        return error.detail
    kept = {version.key: bytes(version.digest) for version in list_forms()}
    late = [
        form.key for form in forms if kept.get(form.key) != digest_of_json({**form.as_data(), "version": 0})
    ]
    if late:
        return gettext("Noch nicht eingespielt: %(keys)s. „stadt migrate“ holt es nach.") % {
            "keys": ", ".join(late)
        }
    return None
