#!/usr/bin/env bash
# Creates the topics that are missing, as Topic.java declares them; what exists is left as it is.
# Needs BOOTSTRAP_SERVERS and PARTITIONS, those of the topics keyed by user.
set -euo pipefail

topics="${KAFKA_TOPICS:-/opt/kafka/bin/kafka-topics.sh}"
day=$((24 * 60 * 60 * 1000))

create() {
    local name="$1" partitions="$2" settings=(--config max.message.bytes=8388608)
    shift 2
    for setting in "$@"; do
        settings+=(--config "$setting")
    done
    "$topics" --bootstrap-server "$BOOTSTRAP_SERVERS" --create --if-not-exists --topic "$name" \
        --partitions "$partitions" --replication-factor 1 "${settings[@]}"
}

# What comes in: the time of a record is when the broker took it.
input() {
    create "$1" "$PARTITIONS" cleanup.policy=delete "retention.ms=$2" message.timestamp.type=LogAppendTime
}

kept() {
    create "$1" "$2" cleanup.policy=delete "retention.ms=$3"
}

input behavior-events $((7 * day))
input labeled-outcomes $((90 * day))
input profile-commands $((90 * day))
create user-profiles "$PARTITIONS" cleanup.policy=compact min.cleanable.dirty.ratio=0.2 segment.ms=600000 \
    "delete.retention.ms=$((7 * day))"
kept risk-alerts "$PARTITIONS" $((30 * day))
kept scored-features "$PARTITIONS" $((7 * day))
kept training-examples "$PARTITIONS" $((30 * day))
kept model-releases 1 -1
kept model-evaluations 1 -1
kept segment-changes "$PARTITIONS" $((7 * day))
kept quarantine "$PARTITIONS" $((30 * day))
kept late-events "$PARTITIONS" $((30 * day))
kept dead-letters 1 $((30 * day))
