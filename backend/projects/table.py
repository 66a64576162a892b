"""The table of kept projects. What changes here needs a migration beside it (migrations/versions)."""

from datetime import UTC, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What the migrations must arrive at."""


def now() -> datetime:
    """UTC; SQLite keeps no zone, so none is given."""
    return datetime.now(UTC).replace(tzinfo=None)


class KeptProject(Base):
    """A project file, as it was sent. The data stand last: SQLite reads a row from its start."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(default=now)
    updated: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    model_id: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    # So that the room taken is summed without touching the rows.
    __table_args__ = (Index("projects_size", "size"),)
