FROM python:3.11-slim
WORKDIR /studio

# An index to prefer torch's build for CPUs from; without it pip takes the one for NVIDIA GPUs.
ARG PIP_EXTRA_INDEX_URL=""
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY LICENSE README.md pyproject.toml oasis_studio.py ./
COPY backend backend
COPY frontend frontend
COPY models models
COPY training training
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

# The kernels are compiled at the first start, for the processor found then.
ENV XDG_CACHE_HOME=/var/cache
RUN install -d -o nobody /var/cache/oasis-studio

# Where shared projects may be kept, in a volume: OASIS_STUDIO_PROJECTS=/var/lib/oasis-studio/projects.db
RUN install -d -o nobody /var/lib/oasis-studio

ENV OASIS_STUDIO_HOST=0.0.0.0
EXPOSE 8000
USER nobody
HEALTHCHECK --start-period=2m CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["oasis-studio", "serve"]
