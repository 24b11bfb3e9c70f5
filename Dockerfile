# Pages, API and worker in one container, as an ordinary user. Publish it to this machine alone, and put a proxy with TLS
# before it (deploy/nginx/forms.conf); the first start prints a token for the first account.
#
#   docker build --tag government-forms .
#   docker run --init --publish 127.0.0.1:8000:8000 --volume forms:/var/lib/forms --volume key:/var/lib/forms-key \
#     --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
#     government-forms
#
# The three options let the program fence LibreOffice and the readers with bubblewrap, which needs user namespaces and a
# /proc of its own (podman calls the third one unmask=ALL). Without the third it shuts off the network alone. Without any
# the converter may be refused, and the health page says so; FORMS_SANDBOX_ALLOW_WEAK=1 runs it all the same: then put
# the container on a network that reaches nothing (docker network create --internal).
FROM debian:12-slim

ENV LANG=C.UTF-8 \
    TZ=Asia/Shanghai \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /srv/forms

# What changes rarely comes first: system packages, Python packages, the program
COPY scripts/setup scripts/setup
RUN scripts/setup --system && rm -rf /var/lib/apt/lists/*

COPY requirements.txt ./
RUN scripts/setup && rm -rf /root/.cache

COPY . .
# A volume that is new takes over who owns the folder it comes to lie on. The key is in one of its own: never with the data
RUN useradd --uid 10001 --home-dir /var/lib/forms --create-home --shell /usr/sbin/nologin forms \
    && install --directory --mode 700 --owner forms --group forms /var/lib/forms /var/lib/forms-key \
    && .venv/bin/python -m compileall -q forms parsers writers service

USER forms
ENV HZFORMS_DATA_DIR=/var/lib/forms \
    HZFORMS_KEY_FILE=/var/lib/forms-key/outer.key \
    HZFORMS_PORT=8000
VOLUME ["/var/lib/forms", "/var/lib/forms-key"]
EXPOSE 8000

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD [".venv/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

CMD [".venv/bin/python", "-m", "service", "serve", "--host", "0.0.0.0"]
