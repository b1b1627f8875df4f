# syntax=docker/dockerfile:1
# The dev stack (tools/upstreams) for compose.yaml; never for production: its users and keys are public.
# docker build -f tools/deploy/upstreams.Dockerfile -t facet-upstreams .
FROM node:26.10.0-bookworm-slim
WORKDIR /workspace
COPY package.json package-lock.json .npmrc ./
COPY tools/upstreams tools/upstreams
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --workspace=@facet/tools-upstreams --include-workspace-root
ENV HOST=0.0.0.0
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4006/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "tools/upstreams/src/main.ts"]
