"""What a deployment can choose, by options of `oasis-studio serve` or in the environment: OASIS_STUDIO_PORT=9000."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from backend import limits

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "OASIS_STUDIO_"


def _split(value: object) -> object:
    return tuple(filter(None, re.split(r"[\s,]+", value))) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Names separated by commas."""


class Settings(BaseSettings):
    """Start the server and the page. A variable sets each option, too: OASIS_STUDIO_PORT for --port."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        cli_prog_name="oasis-studio serve",
        cli_kebab_case=True,
        cli_implicit_flags=True,
        cli_hide_none_type=True,
    )

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    zoo: Path = Field(ROOT / "models" / "zoo", description="folder of model directories")
    device: str = Field("auto", description="'auto', 'cpu', 'cuda' or 'cuda:1'")
    hosts: Names = Field((), description="names of the server, separated by commas, besides localhost and IP addresses")
    origins: Names = Field(
        (), description="other sites whose pages may use the API, separated by commas: https://editor.example"
    )
    token: SecretStr | None = Field(
        None, min_length=16, description="access token that every request needs; without one there is none"
    )
    rate: int = Field(0, ge=0, description="costly requests that one address may send a minute; 0 for any number")
    proxies: str = Field(
        "127.0.0.1,::1", description="addresses or networks of reverse proxies, whose X-Forwarded headers are believed"
    )
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="port for Prometheus, on the same address; without it there are no metrics"
    )
    waiting: int = Field(limits.WAITING, ge=0, description="jobs that may wait behind the running one")
    deadline_s: float = Field(
        limits.DEADLINE_S, gt=0, allow_inf_nan=False, description="seconds an answer may take, waiting included"
    )
    projects: Path | None = Field(
        None, description="SQLite file to store shared projects in; without it there are none"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="the least important messages to log; 'debug' logs every request, too"
    )
    reload: bool = Field(
        False, description="for developing: restart when a Python file changes, and serve scripts and styles as written"
    )

    @property
    def secret(self) -> str | None:
        """The access token."""
        return self.token.get_secret_value() if self.token else None

    def export(self) -> None:
        """Put the settings into the environment, from which `Settings()` of another process reads them."""
        os.environ |= {variable(name): _text(value) for name, value in self if value is not None}


def _text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return ",".join(value)
    return str(value)


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


def option(field: str) -> str:
    """The command line option of a setting."""
    return "--" + field.replace("_", "-")


def read_settings(arguments: list[str]) -> Settings:
    """The settings by options and environment.

    Raises:
        SystemExit: Naming the option, its value and what was expected; also after --help.
    """
    try:
        return Settings(_cli_parse_args=arguments)
    except ValidationError as error:
        problems = [
            f"{option(str(each['loc'][0]))} (or {variable(str(each['loc'][0]))}) is {each['input']!r}: {each['msg']}."
            for each in error.errors()
        ]
        raise SystemExit("\n".join(f"error: {problem}" for problem in problems)) from error
