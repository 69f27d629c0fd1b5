# The targets of the Go Jetstream's Makefile.
.PHONY: build test up down run demo

# The jar: target/jetstream.jar
build:
	mvn -q -B -DskipTests package

test:
	mvn -B verify

# Server, Prometheus and Grafana in containers, with the journal in a volume.
up:
	docker compose -f docker/compose.yaml up --build -d

down:
	docker compose -f docker/compose.yaml down

# The server on this machine, with conf/application.conf.
run: build
	target/jetstream

demo: build
	target/jetstream demo
