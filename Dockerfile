# syntax=docker/dockerfile:1
# The host as it is released, with its plugins and models; mount a configuration at /etc/dh-advisor/host.yaml. docs/deploy.md.
#   docker build -t dh-advisor .
#   docker run --rm -p 127.0.0.1:50151:50151 -v "$PWD/deploy/host.container.yaml:/etc/dh-advisor/host.yaml:ro" dh-advisor

FROM node:24-bookworm-slim AS build
WORKDIR /app
# The CPU runtime comes in the package; its install script would only fetch CUDA files.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./
COPY src/plugin-sdk/package.json src/plugin-sdk/
RUN npm ci
COPY tsconfig.base.json tsconfig.build.json README.md LICENSE ./
COPY scripts scripts
COPY src src
COPY plugins plugins
COPY dashboard dashboard
COPY proto proto
COPY models models
COPY config config
COPY docs docs
COPY deploy deploy
RUN npm run build && node scripts/packaging/unpack-host.mjs image

FROM node:24-bookworm-slim
ENV NODE_ENV=production
# Fewer pools of the allocator: what threads free is used again by others, so that reloaded models leave less behind.
ENV MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /app/image .
# What a host keeps, on a volume that is mounted here and that, when it is new, gets this folder's owner; without one it goes with the container.
COPY --from=build --chown=1000:1000 /app/deploy/state /var/lib/dh-advisor
VOLUME /var/lib/dh-advisor
USER 1000:1000
EXPOSE 50151 50152 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["node", "deploy/healthcheck.mjs"]
# Exec form: SIGTERM reaches the host, which drains.
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve", "--config", "/etc/dh-advisor/host.yaml"]
