#!/usr/bin/env bash
# Trains a release for flink-conf/features.yaml as it is here, as `make model` does, and puts it into the model store of a deployment, for
# which make cannot reach its volume. Jobs that run are not told of it: one that is started anew with these features begins with it.
# From the top of the project:
#
#   deploy/release-model.sh docker compose -f deploy/compose/docker-compose.yaml exec -T jobmanager
#   deploy/release-model.sh kubectl exec -i -n liveprofile deploy/liveprofile-profile --
#
# Arguments: what runs a command in a container that has the store, as the user that the jobs run as. STORE is where it has it.
set -euo pipefail

store="${STORE:-/var/lib/liveprofile/models}"
here=target/deployed-models

rm -rf "$here"
mkdir -p "$here/releases"
# Numbers count on, since what was announced under one stays so: a directory is enough for the next one to be taken.
there="$("$@" sh -c "mkdir -p '$store/releases' && ls '$store/releases'")"
newest="$(sort --version-sort <<< "$there" | tail -n 1)"
if [ -n "$newest" ]; then
    mkdir "$here/releases/$newest"
fi
make model SET="model.store=$here"
release="$(ls "$here/releases" | sort --version-sort | tail -n 1)"
# It appears whole. Fails where the training job has taken the number meanwhile: then again.
tar --create --directory "$here/releases/$release" . | "$@" sh -c \
    "cd '$store' && rm -rf part && mkdir part && tar -x -C part && mv -T part 'releases/$release'"
echo "$release is in $store of the deployment"
