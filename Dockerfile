ARG BASE=python:3.13-slim

FROM ${BASE} AS build
# pip reads these from the environment. To build with no network, put the wheels of all dependencies and of
# hatchling into ./wheels and pass
#   --build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/src/wheels
ARG PIP_NO_INDEX
ARG PIP_FIND_LINKS
WORKDIR /src
COPY . .
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check '.[cluster,postgres,images,docs,metrics,otel]'

FROM ${BASE}
COPY --from=build /opt/venv /opt/venv
RUN install -d -o 10001 -g 10001 /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MOCKKOMMUNICATE_HOST=0.0.0.0 \
    MOCKKOMMUNICATE_PORT=8080 \
    MOCKKOMMUNICATE_DATABASE=sqlite:////data/mockkommunicate.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
# ProxyHandler({}): an HTTP_PROXY that was handed to the container must not be asked for 127.0.0.1.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['MOCKKOMMUNICATE_PORT'] + '/_mock/readyz', timeout=2)"]
ENTRYPOINT ["mockkommunicate"]
CMD ["serve"]
