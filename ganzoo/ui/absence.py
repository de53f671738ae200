"""What a visitor is told where pictures of a data set are not to be had."""

import logging

from ganzoo.data import DataError
from ganzoo.ui.validation import RequestError

log = logging.getLogger(__name__)


def not_to_be_had(pictures: str, error: DataError, *, at_home: bool) -> RequestError:
    """The refusal for ``pictures``, which begin the sentence; the log has the reason.

    Where data sets lie, and so what to put there, is for the owner alone: visitors are told it ``at_home`` only.
    """
    log.warning("%s are not to be had: %s", pictures, error)
    if at_home:
        return RequestError(str(error))
    return RequestError(
        f"{pictures} are not here and could not be fetched: whoever runs this page finds the reason in its log."
    )
