#!/usr/bin/env bash
# Keeps a job on the cluster: whenever the JobManager answers and has no such job, submits it, to begin with its newest complete
# checkpoint or savepoint. So it is at the first `up`, when there is none, at every later one, and after a JobManager has been
# started anew, which knows no jobs. Whoever ends the job stops this service first, or it comes back.
#
# Needs JOBMANAGER (host:port), JOB_NAME, JOB_CLASS and JOB_STATE, the directory of this job's checkpoints and savepoints and of no
# other's. Arguments: the jar and what the job's main takes. What a job began with stays where it is until somebody deletes it.
set -euo pipefail
export LC_ALL=C

# What the JobManager says of its jobs, one a line; fails unless it does.
jobs() {
    local answer
    answer="$(wget --quiet --tries=1 --timeout=10 --output-document=- "http://$JOBMANAGER/jobs/overview")" || return
    [[ "$answer" == '{"jobs":['* ]] || return
    sed 's/"jid":/\n&/g' <<< "$answer"
}

# Whether the job is among them in another state than an end, so also while it restarts or is only being set up.
has_job() {
    grep --fixed-strings "\"name\":\"$JOB_NAME\"" <<< "$1" | grep --extended-regexp --invert-match \
        '"state":"(FINISHED|CANCELED|FAILED)"' > /dev/null
}

# Flink names a file _metadata once all of it is written. Nothing where there is none; fails where it cannot be known.
newest_state() {
    [ -e "$JOB_STATE" ] || return 0
    find "$JOB_STATE" -name _metadata -printf '%T@ %h\n' | sort --numeric-sort | sed --quiet '$s/[^ ]* //p'
}

submit() {
    local state from=()
    state="$(newest_state)" || return
    if [ -n "$state" ]; then
        from=(--fromSavepoint "file://$state")
    fi
    echo "Submits $JOB_NAME, beginning with ${state:-nothing}"
    flink run --detached --jobmanager "$JOBMANAGER" --class "$JOB_CLASS" \
        "-Dexecution.checkpointing.dir=file://$JOB_STATE/checkpoints" \
        "-Dexecution.checkpointing.savepoint-dir=file://$JOB_STATE/savepoints" \
        "${from[@]}" "$@"
}

while true; do
    if ! known="$(jobs)"; then
        echo "No answer from $JOBMANAGER"
    elif ! has_job "$known"; then
        submit "$@" || echo "$JOB_NAME was not submitted"
    fi
    sleep 10
done
