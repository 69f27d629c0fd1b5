# syntax=docker/dockerfile:1

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY pom.xml ./
COPY src ./src
COPY bin ./bin
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -q -DskipTests package

# The dictionary that public clients hold. Its path in the repository has changed once.
RUN set -eu; \
    base=https://raw.githubusercontent.com/bluesky-social/jetstream/main; \
    curl -fsSL -o /zstd_dictionary "$base/pkg/models/zstd_dictionary" \
      || curl -fsSL -o /zstd_dictionary "$base/internal/subscribe/dictionaries/legacy_subscribe.zdict"; \
    echo "b8d77b46933aceecbdd5275a01241efc985c970c78162b8150cf67a26522f70c  /zstd_dictionary" | sha256sum -c -


FROM eclipse-temurin:17-jre
RUN groupadd --system --gid 10001 jetstream \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin jetstream \
    && mkdir /data \
    && chown jetstream:jetstream /data
COPY --from=build /src/target/jetstream.jar /src/target/jetstream /opt/jetstream/
COPY --from=build --chmod=644 /zstd_dictionary /opt/jetstream/zstd_dictionary

# Large regions: otherwise each buffer of half a megabyte or more is a humongous object. Half of the container's memory is
# heap; the other half is for socket buffers, SQLite's pages and zstd.
ENV JAVA_OPTS="-XX:+UseG1GC -XX:G1HeapRegionSize=8m -XX:MaxRAMPercentage=50"

# An archive of the classes that a start loads, which halves the time of later starts.
RUN cd /tmp && /opt/jetstream/jetstream --make-class-archive && chmod 644 /opt/jetstream/classes.jsa

ENV JETSTREAM_DATA_DIR=/data \
    JETSTREAM_ZSTD_DICTIONARY_PATH=/opt/jetstream/zstd_dictionary
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 6008 6009

# Checks that the process lives, not that it is ready: restarting does not help when the relay is down. Needs no curl.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/6008 && printf 'GET /healthz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]"]

ENTRYPOINT ["/opt/jetstream/jetstream"]
CMD ["serve"]
