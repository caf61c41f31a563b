"""The HTTP status of every error of accounts, of requests repeated or cut off, and of noted access."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import api.access.access_errors as access
import api.accounts.account_errors as accounts
import api.key_request_errors as key_requests
import api.portion_errors as portioned
import api.repeats.repeat_errors as repeats
import api.web.precondition_errors as preconditions
from ledger.errors import DaodiError

PEOPLE_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {
    HTTPStatus.UNAUTHORIZED: (
        accounts.SignInRefused,
        accounts.SignInNeeded,
        accounts.SessionEnded,
        accounts.KeyNeeded,
    ),
    HTTPStatus.FORBIDDEN: (
        key_requests.SecondPersonFirst,
        key_requests.SamePersonAgain,
        accounts.ForeignForm,
        accounts.FactorNeeded,
        accounts.EnrolmentNeeded,
        accounts.BeyondOwnScopes,
    ),
    HTTPStatus.NOT_FOUND: (
        key_requests.KeyRequestUnknown,
        accounts.UnknownAccount,
        accounts.UnknownSession,
        accounts.UnknownApiKey,
    ),
    HTTPStatus.BAD_REQUEST: (repeats.RequestKeyMalformed,),
    HTTPStatus.PRECONDITION_FAILED: (preconditions.ChangedMeanwhile,),
    HTTPStatus.CONFLICT: (
        repeats.RequestUnderWay,
        repeats.AnswerNotKept,
        access.AccessAltered,
        key_requests.KeyRequestDecided,
        accounts.AccountEnded,
        accounts.SignInNameTaken,
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (access.AccessNotNoted, portioned.InterruptedThere),
    HTTPStatus.GONE: (accounts.InvitationInvalid,),
    HTTPStatus.TOO_MANY_REQUESTS: (accounts.SignInLocked,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        repeats.RequestKeyReused,
        accounts.RoleUnknown,
        accounts.RoleNeedsParty,
        accounts.RolesMissing,
        accounts.SignInNameWrong,
        accounts.ShownNameWrong,
        accounts.PasswordTooShort,
        accounts.PasswordTooLong,
        accounts.PasswordCommon,
        accounts.PasswordWrong,
        accounts.FactorCodeWrong,
    ),
}
"""Leaf error classes by their status."""
