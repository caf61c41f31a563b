"""The HTTP status of every error of the price index; `api.statuses` joins it to the rest."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import priceindex.errors as index
from ledger.errors import DaodiError

INDEX_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {
    HTTPStatus.NOT_FOUND: (
        index.UnknownQuote,
        index.UnknownArchive,
        index.UnknownFamily,
        index.UnknownRelease,
        index.UnknownNode,
        index.StatementMissing,
    ),
    HTTPStatus.CONFLICT: (
        index.NothingNew,
        index.NothingQuoted,
        index.NothingInBase,
        index.TrialTooShort,
        index.TooMuchImputed,
        index.BundleAltered,
        index.ValueDiffers,
        index.StatementDiffers,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (index.BodyTooLarge,),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        index.UnreadableFile,
        index.BrokenCsv,
        index.EmptyBody,
        index.MissingColumn,
        index.MissingPart,
        index.PartTooLong,
        index.MalformedDay,
        index.MalformedPrice,
        index.UnknownUnit,
        index.UnknownTier,
        index.PriceNotPositive,
        index.QuoteInFuture,
        index.ConflictingQuote,
        index.UnlistedHerb,
        index.UnlistedMarket,
        index.NotPrices,
        index.UnclassifiedHerb,
        index.UnknownClass,
        index.MalformedFamily,
        index.WeightsMissing,
        index.WeightsWrong,
        index.MalformedBundle,
    ),
    HTTPStatus.BAD_GATEWAY: (
        index.FeedUnreachable,
        index.FeedRefused,
    ),
}
"""Leaf error classes by their status."""
