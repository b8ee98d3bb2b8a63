#!/usr/bin/env bash
# Gives a model store the releases of another, so that the first profiles carry predictions; one that has a release is left as it is, and
# where there is nothing to give it stays empty.
#
# Arguments: the other store, the store, and to whom its files shall belong.
set -euo pipefail

other="$1" store="$2" owner="$3"

if compgen -G "$store/releases/r*" > /dev/null; then
    echo "$store has releases, and keeps them"
elif ! compgen -G "$other/releases/r*" > /dev/null; then
    echo "No release in $other: until 'make model' makes one, or the training job does, profiles carry no predictions"
else
    part="$store/installing"
    rm -rf "$part"
    mkdir "$part"
    cp --recursive "$other"/releases/r* "$part"
    chown --recursive "$owner" "$part"
    # All of them at once, and not where the training job was quicker.
    if mv --no-target-directory "$part" "$store/releases"; then
        echo "$store has the releases of $other"
    else
        rm -rf "$part"
    fi
fi
