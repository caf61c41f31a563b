"""Every setting of the service: its name, meaning, unit and default.

Settings come from environment variables with the prefix `DAODI_` (or from keyword arguments in tests
and commands) and never change while a process runs. docs/operations.md lists them; a test proves it.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from api.errors import SettingWrong
from api.field_words import field_words
from api.settings_people import RATE, PeopleSettings
from ledger.errors import DaodiError, Location, ManyFaults

PREFIX = "DAODI_"
_MIB = 1024 * 1024

Words = Annotated[tuple[str, ...], NoDecode]
"""Several words in one variable, separated by commas."""


class Settings(PeopleSettings):
    """What one running process was told; immutable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )

    folder: Path = Field(
        Path(".daodi"),
        description="Folder of the keys, the archive of raw feeds and, by default, the SQLite database.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="Database as an SQLAlchemy address: sqlite:///file or "
        "postgresql+psycopg://user:password@host/name. Empty: daodi.sqlite in the folder.",
    )
    redis_url: SecretStr | None = Field(
        None,
        description="Redis 6.2 or later as redis://host:port/0, shared by several workers for limits and "
        "invalidation. Empty: in-process only. Never the only copy of anything.",
    )
    key_passphrase_file: Path | None = Field(
        None,
        description="File of one line, mode 0600, with the passphrase of the key files. Empty: a terminal "
        "is asked; without one, encrypted keys stop the start.",
    )
    origin: str = Field(
        "localhost/daodi",
        min_length=1,
        max_length=200,
        pattern=r"^[A-Za-z0-9.-]+(:\d{1,5})?(/[A-Za-z0-9._~-]+)*$",
        description="Name of the log on its checkpoints (C2SP tlog-checkpoint origin) and stem of the "
        "identifiers of lots, places and parties in it: a domain and path of yours, no scheme. Set it "
        "before init: fixed for the life of the log.",
    )
    base_url: str = Field(
        "http://127.0.0.1:8000",
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="Address under which people reach the service: where QR codes and links lead. "
        "May change.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="Network interface to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="TCP port to listen on.")
    trusted_hosts: Words = Field(
        ("127.0.0.1", "localhost", "[::1]"),
        min_length=1,
        description="Host names to answer for, separated by commas; *.example.org takes subdomains.",
    )
    trusted_proxies: Words = Field(
        ("127.0.0.1",),
        description="Addresses of reverse proxies, separated by commas, whose X-Forwarded-For is believed.",
    )
    max_body_bytes: int = Field(
        _MIB,
        ge=1024,
        le=64 * _MIB,
        description="Longest request body, in bytes, other than an uploaded file.",
    )
    max_upload_bytes: int = Field(
        32 * _MIB, ge=1024, le=1024 * _MIB, description="Longest multipart upload, in bytes."
    )
    max_document_bytes: int = Field(
        24 * _MIB,
        ge=1024,
        le=1024 * _MIB,
        description="Longest document (report, photo, series) that is kept, in bytes.",
    )
    max_party_document_bytes: int = Field(
        10 * 1024 * _MIB, ge=1024, description="Documents one party may keep in all, in bytes."
    )
    body_seconds: float = Field(
        30.0, gt=0, le=600, description="How long a request body may take to arrive, in seconds."
    )
    label_font: Path | None = Field(
        None,
        description="Font file with simplified Chinese characters for labels as PDF. Empty: the first of "
        "the usual ones on this machine.",
    )
    scan_rate: str = Field(
        "100/minute", pattern=RATE, description="How often one address may look up codes, as count/unit."
    )
    unknown_code_rate: str = Field(
        "20/minute",
        pattern=RATE,
        description="How often one address may ask for codes that do not exist, as count/unit.",
    )
    complaint_rate: str = Field(
        "10/hour", pattern=RATE, description="How often one address may file a complaint, as count/unit."
    )
    redis_timeout_ms: int = Field(
        50,
        ge=1,
        le=5000,
        description="How long one Redis command may take, in milliseconds, before it is given up.",
    )
    cache_bytes: int = Field(
        64 * _MIB, ge=0, description="Memory for rendered lot pages in one worker, in bytes; 0 keeps none."
    )
    group_size: int = Field(
        256, ge=1, le=4096, description="How many waiting writes share one transaction at most."
    )
    most_waiting: int = Field(
        4096,
        ge=1,
        le=1_000_000,
        description="How many writes may be under way in one worker; beyond it new ones are answered 503.",
    )
    most_pending: int = Field(
        16_384,
        ge=1,
        le=10_000_000,
        description="How many acknowledged statements may wait for the log; beyond it new ones are "
        "answered 503.",
    )
    longest_wait_seconds: int = Field(
        20,
        ge=0,
        le=300,
        description="Longest time, in seconds, a request may wait for its finished receipt "
        "(`Prefer: wait=N`).",
    )
    signature_processes: int = Field(
        0,
        ge=0,
        le=64,
        description="Processes that check the signatures of larger groups of statements; 0 checks them in "
        "the worker.",
    )
    hot_tile_bytes: int = Field(
        64 * _MIB,
        ge=0,
        description="Memory for hashes of the tree kept to make proofs, in bytes; 0 keeps none.",
    )
    subject_index_hours: float = Field(
        24.0,
        gt=0,
        le=24 * 31,
        description="How often the log states the index that proves subjects' histories complete, in hours.",
    )
    sequencer_seconds: float = Field(
        1.0,
        gt=0,
        le=60,
        description="Longest wait, in seconds, before acknowledged statements enter the log.",
    )
    sequencer_late_seconds: float = Field(
        30.0, gt=0, le=3600, description="Backlog age, in seconds, from which /readyz answers not ready."
    )
    policy_file: Path | None = Field(
        None,
        description="Policy (c2sp.org/tlog-policy) naming the witnesses of this log, with their addresses, "
        "and their quorum. Empty: checkpoints are published without witnesses.",
    )
    witness_seconds: float = Field(
        1.0,
        gt=0,
        le=3600,
        description="Longest wait, in seconds, before a new checkpoint is offered to a witness.",
    )
    witness_patience_seconds: float = Field(
        3.0, gt=0, le=60, description="How long a witness may take to answer, in seconds, at the start too."
    )
    checkpoint_late_seconds: float = Field(
        60.0,
        gt=0,
        le=86_400,
        description="Age, in seconds, of a checkpoint that lacks its witnesses from which /readyz says so.",
    )
    sm3_tree: bool = Field(
        default=False,
        description="Keeps a second tree over the same entries with commercial cryptography, SM3 signed with "
        "SM2, served at /log-sm3. It is founded by `daodi sm init`.",
    )
    tsa_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/]+(/[^\s]*)?$",
        description="Address of a timestamp authority (RFC 3161) that is shown checkpoints. Empty: none is.",
    )
    tsa_certificates: Path | None = Field(
        None,
        description="PEM file of the timestamp authorities that are believed: roots, and any certificate "
        "that tokens leave out. Needed with DAODI_TSA_URL.",
    )
    tsa_hours: float = Field(
        24.0, gt=0, le=24 * 31, description="How often a checkpoint is timestamped, in hours."
    )
    tsa_patience_seconds: float = Field(
        10.0, gt=0, le=60, description="How long the timestamp authority may take to answer, in seconds."
    )
    scan_flush_seconds: float = Field(
        1.0, gt=0, le=60, description="How often buffered scans are written, in seconds."
    )
    scan_places_file: Path | None = Field(
        None,
        description="Table of address ranges (CSV: first, last, division) that tells from which prefecture a "
        "code was scanned; without one only devices are counted.",
    )
    scan_days: int = Field(
        180, ge=1, le=3650, description="For how many days single scans are kept; their sums stay."
    )
    scan_buffer: int = Field(
        20_000,
        ge=1,
        le=1_000_000,
        description="How many scans may wait in memory; beyond it the oldest are dropped and counted.",
    )
    history_memory_mb: int = Field(
        2048,
        ge=64,
        le=1_000_000,
        description="Memory DuckDB may use for a quote history, in megabytes; beyond it, it uses the disk.",
    )
    history_threads: int = Field(2, ge=1, le=256, description="Threads DuckDB may use for a quote history.")
    busy_timeout_ms: int = Field(
        5000, ge=0, le=60_000, description="How long SQLite waits for a lock, in milliseconds."
    )
    database_pool: int = Field(
        40, ge=1, le=200, description="Read connections kept open to the database by one worker."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least weight of a log line."
    )
    log_format: Literal["auto", "json", "pretty"] = Field(
        "auto", description="Form of log lines; auto is pretty on a terminal and JSON otherwise."
    )
    feeds_private_addresses: bool = Field(
        default=False,
        description="Whether feeds of quotes may be fetched from addresses inside the operator's own net.",
    )
    hold_dominated_releases: bool = Field(
        default=False,
        description="Whether a release that one source dominates waits for a second person instead of being "
        "published: one that made more than half of the composite's move, or without which the composite "
        "differs by more than 1 %.",
    )
    webhooks_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks may be sent over http and to addresses inside the operator's own net.",
    )
    forecast_fit: bool = Field(
        default=True,
        description="Whether forecasts also try the fitted models for composite and classes: better, slower.",
    )
    forecast_processes: int = Field(
        1, ge=1, le=64, description="Processes that fit models, from the first fit until they are idle."
    )
    forecast_idle_minutes: int = Field(
        10, ge=1, le=1440, description="Minutes without a fit after which these processes end."
    )
    demo: bool = Field(
        default=False,
        description="Marks the service as a demonstration city: pages say that its content is made up, and "
        "no clock forecasts or watches.",
    )

    @field_validator("trusted_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        if isinstance(given, str):
            return tuple(word.strip() for word in given.split(",") if word.strip())
        return given

    @field_validator(
        "database_url",
        "redis_url",
        "policy_file",
        "key_passphrase_file",
        "tsa_url",
        "tsa_certificates",
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, given: object) -> object:
        return None if given == "" else given

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None:
            try:
                backend = make_url(given.get_secret_value()).drivername
            except ArgumentError:
                raise ValueError("not a database address") from None
            if backend not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
                raise ValueError("only sqlite:/// and postgresql+psycopg:// addresses are supported")
        return given

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and not given.get_secret_value().startswith(
            ("redis://", "rediss://", "unix://")
        ):
            raise ValueError("only redis://, rediss:// and unix:// addresses are supported")
        return given

    @model_validator(mode="after")
    def _upload_not_below_body(self) -> Self:
        if self.max_upload_bytes < self.max_body_bytes:
            raise ValueError("DAODI_MAX_UPLOAD_BYTES must not be below DAODI_MAX_BODY_BYTES")
        return self

    @model_validator(mode="after")
    def _authority_with_its_certificates(self) -> Self:
        if self.tsa_url is not None and self.tsa_certificates is None:
            raise ValueError("DAODI_TSA_URL needs DAODI_TSA_CERTIFICATES")
        return self

    @property
    def identifier_stem(self) -> str:
        """What the identifiers of lots, places and parties in the log begin with.

        Built from the log's name, which is fixed: the service's own address may change, signed leaves not.
        """
        return f"https://{self.origin}"

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address of the database, password included: not for logs."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        file = str(self.folder.absolute() / "daodi.sqlite")
        return URL.create("sqlite", database=file).render_as_string()

    @property
    def listening_url(self) -> str:
        """The address under which commands on this machine reach the service, past any proxy."""
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  read, not bound
        return f"http://[{here}]:{self.port}" if ":" in here else f"http://{here}:{self.port}"

    @property
    def redis_address(self) -> str | None:
        """The address of Redis, password included, or None: not for logs."""
        return None if self.redis_url is None else self.redis_url.get_secret_value()

    @property
    def keys_folder(self) -> Path:
        """Folder of the log's and the service's own secret keys (mode 0700)."""
        return self.folder / "keys"

    @property
    def party_keys_folder(self) -> Path:
        """Folder of the signing keys held in custody for parties (mode 0700)."""
        return self.folder / "keys" / "parties"

    @property
    def documents_folder(self) -> Path:
        """Folder of kept documents, each under its SHA-256 (mode 0700)."""
        return self.folder / "documents"

    @property
    def archive_folder(self) -> Path:
        """Folder of raw feed bodies, named by their SHA-256."""
        return self.folder / "archive"


def load_settings(**given: Any) -> Settings:  # noqa: ANN401  any field of Settings, checked by pydantic
    """Read the environment, with `given` fields before it.

    Raises `SettingWrong`, or `ManyFaults` of several, naming the variables and never their values.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = [_fault(one) for one in error.errors(include_input=False, include_url=False)]
    raise faults[0] if len(faults) == 1 else ManyFaults(faults)


def _fault(error: Any) -> DaodiError:  # noqa: ANN401  pydantic's ErrorDetails, whose ctx is untyped
    name = PREFIX + ("_".join(str(part) for part in error["loc"][:1]).upper() or "*")
    words = field_words(error)
    return SettingWrong(name=name, reason_zh=words.zh, reason_en=words.en, at=Location(field=name))
