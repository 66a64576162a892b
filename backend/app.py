"""The application: what answers where."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from backend.errors import answer
from backend.middleware import BodyLimit, Observer
from backend.page_files import PageFiles
from backend.routes import health, inspect, models, page, projects, segment, synthesize
from backend.settings import ROOT, Settings
from backend.studio import Studio


def create_app(settings: Settings) -> FastAPI:
    """The server's application; its models are loaded in the background once it runs. Raises DeviceError,
    DatabaseUnusable."""
    studio = Studio(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(studio.engine.run(studio.registry.load))
        yield
        loading.cancel()
        await studio.close()

    app = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title="Oasis Studio",
        version=version("oasis-studio"),
        summary="Paint a label map, see a photo.",
        lifespan=lifespan,
        exception_handlers=dict.fromkeys((HTTPException, RequestValidationError, Exception), answer),
    )
    app.state.studio = studio
    app.add_middleware(BodyLimit)
    app.add_middleware(Observer, metrics=studio.metrics)
    for part in (models, synthesize, segment, inspect, projects, health, page):
        app.include_router(part.router)
    files = StaticFiles if settings.reload else PageFiles  # while developing as written, so that debuggers show them
    app.mount("/static", files(directory=ROOT / "frontend" / "static"), name="static")
    return app
