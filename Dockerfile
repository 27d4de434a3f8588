FROM eclipse-temurin:25-jdk-noble AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN mvn --batch-mode --quiet -Dquick -Dmaven.test.skip -pl cli -am package

FROM eclipse-temurin:25-jre-noble
LABEL org.opencontainers.image.title="Funes" \
      org.opencontainers.image.description="A distributed commit log whose native protocol is gRPC" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 1942 --no-create-home funes && install -d -o funes -g funes /data
WORKDIR /opt/funes
COPY funes ./
COPY --from=build /src/cli/target/dist cli/target/dist
# Trains the AOT cache. Here, not above: it fits only the JVM and the paths that it was made with.
RUN ./funes --version
# A container's own loopback cannot be reached from outside; what publishes the ports decides who can.
ENV FUNES_LISTEN=0.0.0.0:1942 FUNES_METRICS_LISTEN=0.0.0.0:1943
USER funes
EXPOSE 1942 1943 1944
VOLUME /data
ENTRYPOINT ["/opt/funes/funes"]
CMD ["start", "--data", "/data"]
