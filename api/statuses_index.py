"""The HTTP status of every error of the price index; `api.statuses` joins it to the rest."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import api.publication.publication_errors as publication
import api.webhooks.webhook_errors as webhooks
import priceindex.analysis.analysis_errors as analysis
import priceindex.calculator.calculator_errors as calculator
import priceindex.currency.rate_errors as rates
import priceindex.engine.engine_errors as engine
import priceindex.errors as index
import priceindex.feeds.feed_errors as feeds
import priceindex.formulas.formulas_errors as formulas
import priceindex.governance.governance_errors as governance
import priceindex.history.history_errors as history
import priceindex.intake.desk_errors as desk
import priceindex.multilateral.multilateral_errors as multilateral
import priceindex.naming.naming_errors as naming
import priceindex.releases.release_errors as releases
import priceindex.seasonal.seasonal_errors as seasonal
from ledger.errors import DaodiError

INDEX_STATUS: Final[Mapping[HTTPStatus, tuple[type[DaodiError], ...]]] = {
    HTTPStatus.FORBIDDEN: (
        desk.OwnQuote,
        releases.NamedPersonNeeded,
        releases.OwnRelease,
    ),
    HTTPStatus.NOT_FOUND: (
        engine.NotAnIndexDay,
        history.NoHistory,
        feeds.UnknownFeed,
        governance.UnknownDeclaration,
        governance.UnknownIndexComplaint,
        governance.UnknownAssessment,
        index.UnknownQuote,
        naming.UnknownAlias,
        index.UnknownArchive,
        index.UnknownFamily,
        index.UnknownRelease,
        releases.UnknownDraft,
        index.UnknownNode,
        index.StatementMissing,
        publication.UnknownStructure,
        webhooks.UnknownEndpoint,
        webhooks.UnknownEvent,
    ),
    HTTPStatus.CONFLICT: (
        analysis.NoHeadline,
        analysis.TooFewMonthsTraded,
        seasonal.TooShortForSeasons,
        multilateral.NotLinked,
        multilateral.NotConverged,
        engine.ValueNotPublished,
        engine.WeightSetKnown,
        engine.QuotesElsewhere,
        engine.ReviewMissing,
        history.HistoryAhead,
        feeds.FeedExists,
        feeds.FeedDisabled,
        feeds.WeekNotOver,
        feeds.HostResting,
        webhooks.EndpointExists,
        webhooks.EndpointDisabled,
        webhooks.TooManyEndpoints,
        governance.DeclarationEnded,
        governance.IndexComplaintAnswered,
        governance.YearNotOver,
        governance.ChecksFailed,
        index.NothingNew,
        releases.NotPublishing,
        releases.StandingRefused,
        releases.SecondPersonNeeded,
        releases.DraftDecided,
        releases.DraftDiffers,
        releases.UnderEmbargo,
        releases.BehindPublished,
        releases.OlderKnowledge,
        releases.NoticeNeeded,
        releases.NothingRevised,
        desk.NothingToDecide,
        naming.AliasExists,
        index.NothingQuoted,
        index.NothingInBase,
        index.TrialTooShort,
        index.TooMuchImputed,
        index.BundleAltered,
        index.ValueDiffers,
        index.StatementDiffers,
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        multilateral.PanelTooLarge,
        index.BodyTooLarge,
        publication.TooManyValues,
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        calculator.UnknownMethod,
        calculator.NotDecomposed,
        calculator.TableColumns,
        calculator.TableNumber,
        multilateral.PanelMisshapen,
        multilateral.ObservedTwice,
        multilateral.WindowMisfit,
        engine.UnknownTheme,
        engine.DaysInWrongOrder,
        rates.UnknownCurrency,
        rates.NoRate,
        rates.MalformedRate,
        rates.RateInFuture,
        feeds.UnreadableSheet,
        feeds.UnreadableJson,
        feeds.NoTable,
        feeds.ReservedSource,
        feeds.TooManyRows,
        feeds.MalformedChange,
        feeds.UnknownTrend,
        feeds.UnreadSentence,
        feeds.MalformedForm,
        feeds.FormNotSigned,
        feeds.AddressRefused,
        feeds.MalformedFeed,
        feeds.MalformedWeek,
        formulas.NothingMatched,
        formulas.PairMisshapen,
        formulas.NotALink,
        formulas.LinkOutside,
        formulas.LevelNotPositive,
        formulas.ContributionsUnexplained,
        governance.DeclarationWrong,
        index.UnreadableFile,
        desk.ReasonTooShort,
        desk.TooManyToDecide,
        naming.NameNotOurs,
        naming.NameIsKnown,
        naming.MeaningUnknown,
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
        releases.OutsideSeries,
        publication.UnknownFormat,
        webhooks.EndpointRefused,
    ),
    HTTPStatus.BAD_GATEWAY: (
        index.FeedUnreachable,
        index.FeedRefused,
    ),
}
"""Leaf error classes by their status."""
