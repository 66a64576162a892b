"""The FastAPI application: routes, middleware and the life of the server."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from backend import limits
from backend.access import Access
from backend.errors import error_response
from backend.middleware import BodyLimit, Head, Observer
from backend.page_files import PageFiles
from backend.rates import Rates
from backend.routes import docs, health, inspect, models, page, projects, segment, synthesize, token
from backend.service import Service
from backend.settings import ROOT, Settings
from backend.work_queue import Client
from models.memory import trim


def create_app(settings: Settings) -> FastAPI:
    """The application, which loads its models in the background once it runs. Raises DeviceError, DatabaseUnusable."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(limits.DECODERS, "decoder"))
        tasks = [
            asyncio.create_task(service.inference.run(Client("http", None), service.models.load)),
            asyncio.create_task(_give_memory_back()),
        ]
        yield
        for task in tasks:
            task.cancel()
        await service.close()

    app = FastAPIOffline(
        docs_url=None,  # below, with relative addresses
        redoc_url=None,
        static_url="/swagger",
        servers=[{"url": "./"}],  # wherever a proxy has put it
        title="Oasis Studio",
        version=version("oasis-studio"),
        summary="Paint a label map, see a photo.",
        lifespan=lifespan,
        redirect_slashes=False,  # a redirect would name a host and path that a proxy does not have
        exception_handlers=dict.fromkeys((HTTPException, RequestValidationError), error_response),
    )
    app.state.service = service
    app.state.settings = settings
    # Each wraps those before it.
    app.add_middleware(BodyLimit)
    rates = Rates(settings.rate) if settings.rate else None
    app.add_middleware(Access, hosts=settings.hosts, origins=settings.origins, token=settings.secret, rates=rates)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["ETag", "Retry-After", "Server-Timing", "X-Model-Version"],
        )
    app.add_middleware(Observer, metrics=service.metrics)
    app.add_middleware(Head)
    for part in (models, synthesize, segment, inspect, projects, health, page, docs, token):
        app.include_router(part.router)
    app.state.page_files = PageFiles(ROOT / "frontend" / "static", as_written=settings.reload)
    app.mount("/static", app.state.page_files, name="static")
    return app


async def _give_memory_back() -> None:
    """Give back again and again what many small requests leave scattered; the C library would hold it."""
    while True:
        await asyncio.sleep(limits.TRIM_S)
        await asyncio.to_thread(trim)
