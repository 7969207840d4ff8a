# A node with everything it needs: `docker build --tag stockmesh .`, and docs/INSTALL.md for how it is run.
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run pack

FROM node:20-bookworm-slim
COPY --from=build /build/build/stockmesh.tgz /opt/stockmesh.tgz
RUN npm install --global --no-audit --no-fund /opt/stockmesh.tgz && npm cache clean --force && rm /opt/stockmesh.tgz
# The user `node` of the base image, by number, so that a cluster sees that it is not root.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data
USER 1000:1000
# A command inside the container finds the node by the same settings.
ENV STOCKMESH_DATA=/data STOCKMESH_HOST=0.0.0.0
VOLUME /data
EXPOSE 7400
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.STOCKMESH_PORT || 7400) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["stockmesh"]
CMD ["start"]
