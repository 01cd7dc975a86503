"""Settings: `HAIHE_*` variables, read once into one frozen object. The only place that reads the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEMONSTRATION_ISSUER = "urn:haihe:demonstration"
EXAMPLE_LOG = "haihe.example/log"


class NotConfigured(RuntimeError):
    """The service cannot start; the message says what is missing."""


class ServiceCounter(BaseModel):
    """A service counter (服务窗口) where people are helped face to face, as the front page names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    district: str
    address: str
    hours: str
    telephone: str


class TrustedIssuer(BaseModel):
    """Somebody else's issuer: its `iss` and where its keys are published."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    jwks: str


class Settings(BaseSettings):
    """Everything that can be set from outside."""

    model_config = SettingsConfigDict(env_prefix="HAIHE_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    data: Path = Path(".haihe")
    database_url: str = ""
    # A copy that follows the database, from which browsing is answered while it is fresh (`core.replica`).
    replica_url: str = ""
    redis_url: str = ""
    # Where callers find the service, when that is not where it listens: `https://credit.example` (`origin`).
    origin: str = ""
    # From whom `X-Forwarded-For` is believed: the balancer's addresses or networks (`["10.0.0.0/24"]`). Without the
    # balancer's here all who call without a token are one caller (`limits`).
    proxies: tuple[str, ...] = ("127.0.0.1",)
    # Other origins whose pages may call the service: `["https://bank.example"]` (`crossing`).
    cors_origins: tuple[str, ...] = ()
    # Third parties must bring proofs (DPoP) in a demonstration too; on a real database they always must.
    require_proofs: bool = False
    keys: Path | None = None
    audience: str = "haihe"
    # By which the log is known outside; a real database's is its own.
    log_origin: str = EXAMPLE_LOG
    issuers: tuple[TrustedIssuer, ...] = ()
    pool: Annotated[int, Field(ge=2, le=200)] = 16
    duties: bool = True
    # Seconds in which a stopped process still answers and says that it is not ready (`leaving`).
    grace: Annotated[float, Field(ge=0, le=300)] = 0.0
    # Where this process shows its metrics: never at the port that the city reaches, and nowhere for 0 (ADR 0157).
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    # An operation that takes longer is named in the log, by its document's digest.
    slow_seconds: Annotated[float, Field(gt=0)] = 1.0
    # Where spans of operations are sent (OTLP over HTTP: `http://127.0.0.1:4318/v1/traces`), and of which share.
    traces_url: str = ""
    traces_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    # Operations under way at once in one process, and as many that may wait for a place (`places`).
    in_flight: Annotated[int, Field(ge=1)] = 512
    # Points in a minute (`limits`): of an address that shows no token, of a person, of a third party's client program.
    anonymous_per_minute: Annotated[int, Field(ge=1)] = 600
    person_per_minute: Annotated[int, Field(ge=1)] = 600
    client_per_minute: Annotated[int, Field(ge=1)] = 60_000
    # An institution's own certificate that reports are signed with, as PKCS#12; without it the pdf ring's key signs.
    pdf_certificate: Path | None = None
    pdf_passphrase: SecretStr = SecretStr("")
    # What reads documents at the institution's kiosks (`card_readers`); empty: a demonstration's own, else none.
    card_reader: str = ""
    # Manifests of our own clients beside the app, as CLIENT/VERSION.json (`documents`).
    documents: Path | None = None
    # For how long a document of an older version is kept that nobody asks for.
    document_days: Annotated[int, Field(ge=30)] = 180
    # The app: its built files, and on a real database the issuer it signs in at (`appconfig`).
    bundle: Path | None = None
    app_issuer: str = ""
    app_authorization_endpoint: str = ""
    app_token_endpoint: str = ""
    app_client_id: str = ""
    app_scope: str = ""
    app_end_session_endpoint: str = ""
    app_counters: tuple[ServiceCounter, ...] = ()

    @property
    def database(self) -> str:
        """The database's URL; the embedded SQLite file unless another is set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'haihe.db'}"

    @property
    def key_file(self) -> Path:
        """Where the key rings are."""
        return self.keys or self.data / "keys.json"
