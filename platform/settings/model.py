"""Every setting there is: name, default, meaning. Read from `NIMROD_<NAME>` in the environment or in `.env`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

System = Literal["customer", "operations", "data", "platform"]
SYSTEMS: tuple[System, ...] = ("customer", "operations", "data", "platform")


def _web_address(value: str) -> str:
    """An http or https address without its last slash, or nothing."""
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _database(value: str) -> str:
    if value and not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return value


def _bus(value: str) -> str:
    if value and not value.startswith(("nats://", "tls://")):
        raise ValueError("must start with nats:// or tls:// (empty = inside the process)")
    return value


Address = Annotated[str, AfterValidator(_web_address)]
Database = Annotated[str, AfterValidator(_database)]
Bus = Annotated[str, AfterValidator(_bus)]


class Settings(BaseSettings):
    """What an operator may set. Times end in `_s` (seconds); an empty text means the built-in default."""

    model_config = SettingsConfigDict(
        env_prefix="NIMROD_", env_file=".env", env_ignore_empty=True, extra="ignore", protected_namespaces=()
    )

    data_dir: Path = Field(
        default=Path("var"), description="Folder for everything the embedded default keeps: databases, keys, vectors."
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to listen on.")
    allowed_hosts: str = Field(
        default="", description="Host names accepted besides the one listened on, comma separated; `*` for any."
    )

    customer_db: Database = Field(
        default="", description="Database of the customer system. Empty: SQLite file in `NIMROD_DATA_DIR`."
    )
    operations_db: Database = Field(default="", description="Database of the operations system. Empty: SQLite file.")
    platform_db: Database = Field(default="", description="Database of the platform system. Empty: SQLite file.")
    data_db: Database = Field(default="", description="Database of the data system. Empty: SQLite file.")
    checkpoint_db: Database = Field(default="", description="Database for paused conversations. Empty: SQLite file.")
    events_url: Bus = Field(
        default="", description="NATS JetStream server that carries events. Empty: inside the process."
    )

    platform_url: Address = Field(default="", description="Where the platform system runs. Empty: in this process.")
    customer_url: Address = Field(default="", description="Where the customer system runs. Empty: in this process.")
    operations_url: Address = Field(default="", description="Where the operations system runs. Empty: in this process.")
    data_url: Address = Field(default="", description="Where the data system runs. Empty: in this process.")

    model_url: Address = Field(
        default="", description="OpenAI-compatible endpoint, with its `/v1`. Empty: the local model in this process."
    )
    model_key: SecretStr = Field(default=SecretStr(""), description="Key for the model endpoint.")
    model: str = Field(default="", description="Model name; needed with `NIMROD_MODEL_URL`.")
    model_timeout_s: float = Field(default=30.0, gt=0, le=600, description="Longest wait for one answer of the model.")
    turn_timeout_s: float = Field(
        default=60.0, gt=0, le=3600, description="Longest time one turn of an agent may take."
    )
    messages_per_day: int = Field(default=500, ge=1, description="Messages one person may send to agents in 24 hours.")

    default_city: str = Field(
        default="helsinki",
        min_length=1,
        description="City of people who have none of their own; a file name in `cities/`.",
    )
    seed_scale: Literal["small", "metro", "none"] = Field(
        default="small", description="What the first start fills empty databases with."
    )
    seed_number: int = Field(
        default=7, ge=0, description="Random seed of the seeded world: the same number gives the same world."
    )
    tiles_url: Address = Field(
        default="", description="Map tiles, `https://…/{z}/{x}/{y}.png`. Empty: the map draws streets-free."
    )

    sweep_s: float = Field(default=15.0, gt=0, description="How often lapsed holds and no-shows are cleared.")
    max_body_kb: int = Field(default=256, ge=1, description="Largest request body, in units of 1,024 bytes.")
    page_secret: SecretStr = Field(
        default=SecretStr(""), description="Signs page cookies. Empty: made once and kept in `NIMROD_DATA_DIR`."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged.")

    @model_validator(mode="after")
    def _model_has_a_name(self) -> Self:
        if self.model_url and not self.model:
            raise ValueError("NIMROD_MODEL: needed when NIMROD_MODEL_URL is set")
        return self

    def database(self, system: System | Literal["checkpoint"]) -> str:
        """The SQLAlchemy address of a system's database (or of the paused conversations)."""
        chosen = str(getattr(self, f"{system}_db"))
        return chosen or f"sqlite:///{self.data_dir.absolute() / f'{system}.db'}"

    def address(self, system: System) -> str:
        """Where the system runs; empty = in this process."""
        return str(getattr(self, f"{system}_url"))

    def hosts(self) -> tuple[str, ...]:
        """Host names a request may carry, the own one and loopback included."""
        named = tuple(name.strip() for name in self.allowed_hosts.split(",") if name.strip())
        return tuple(dict.fromkeys((self.host, "127.0.0.1", "localhost", "::1", *named)))
