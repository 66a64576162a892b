"""The table of shared projects. A change here needs a migration (migrations/versions)."""

from datetime import UTC, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The schema that the migrations lead to."""


def now() -> datetime:
    """The time in UTC, without a time zone, as SQLite stores none."""
    return datetime.now(UTC).replace(tzinfo=None)


class ProjectRow(Base):
    """A project file as it was sent. `data` is the last column, as SQLite reads a row from its start."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(default=now)
    updated: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    model_id: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)

    # Sizes are summed from the index, without reading the rows.
    __table_args__ = (Index("projects_size", "size"),)
