"""What a deployment may choose, read from the environment: OASIS_STUDIO_PORT=9000, ..."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend import limits

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one server."""

    model_config = SettingsConfigDict(env_prefix="OASIS_STUDIO_", env_ignore_empty=True, frozen=True)

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    zoo: Path = Field(ROOT / "models" / "zoo", description="folder of model directories")
    device: str = Field("auto", description="'auto', 'cpu', 'cuda' or 'cuda:1'")
    waiting: int = Field(limits.WAITING, ge=0, description="jobs that may wait behind the running one")
    deadline_s: float = Field(limits.DEADLINE_S, gt=0, description="seconds an answer may take, waiting included")
    projects: Path | None = Field(None, description="SQLite file to keep shared projects in; without it there are none")
