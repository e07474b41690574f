# syntax=docker/dockerfile:1
# `testnet` with what it needs to deploy: its packages, its pinned tools, and the programs with which kubeconfigs fetch tokens.
# The workflow `image` builds it for each commit, with the commit in its tag and label.

FROM golang:1.26-bookworm AS go

FROM node:22-bookworm AS build
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:$PATH TESTNET_TOOLS_CACHE=/opt/testnet-tools
WORKDIR /opt/testnet
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY tsconfig.json ./
COPY errors errors
COPY tools tools
# Before the rest of the program: a change of it must not build the tools anew.
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/root/go/pkg/mod \
    npx tsx tools/build-all.ts pulumi kubectl helm

FROM node:22-bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends awscli ca-certificates curl gnupg \
    && curl --fail --silent --show-error https://packages.cloud.google.com/apt/doc/apt-key.gpg \
       | gpg --dearmor --output /usr/share/keyrings/cloud.google.gpg \
    && echo "deb [signed-by=/usr/share/keyrings/cloud.google.gpg] https://packages.cloud.google.com/apt cloud-sdk main" \
       > /etc/apt/sources.list.d/google-cloud-sdk.list \
    && apt-get update \
    && apt-get install --yes --no-install-recommends google-cloud-cli-gke-gcloud-auth-plugin \
    && apt-get purge --yes curl gnupg && apt-get autoremove --yes && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/testnet-tools /opt/testnet-tools
COPY --from=build /opt/testnet/node_modules /opt/testnet/node_modules
WORKDIR /opt/testnet
COPY . .
# Whoever runs it may be any user: what it writes goes to its own folders.
ENV TESTNET_TOOLS_CACHE=/opt/testnet-tools HOME=/tmp PULUMI_HOME=/tmp/pulumi PULUMI_SKIP_UPDATE_CHECK=true
USER node
ENTRYPOINT ["node", "/opt/testnet/cli/testnet.js"]
