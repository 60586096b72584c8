#!/bin/sh
# Written by `leadtone init --hook git`. Checks the documents of a commit as they are staged, whatever the working tree holds.
# `git commit --no-verify` goes without; to be rid of it, delete this file.
set -eu

if ! command -v leadtone >/dev/null; then
    echo 'pre-commit: leadtone is not on the PATH, so the documents of this commit cannot be checked' >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/tree"

# What is staged, and the settings as they would be committed with it. Rows and JSON lines are data, as a rule.
git diff --cached --name-only --no-ext-diff --diff-filter=d -z -- . ':(exclude,icase)*.csv' ':(exclude,icase)*.tsv' \
    ':(exclude,icase)*.jsonl' ':(exclude,icase)*.ndjson' >"$work/staged"
git ls-files -z -- '*.toml' '*baseline*.json' '.ignore' '*/.ignore' '.leadtoneignore' '*/.leadtoneignore' >"$work/settings"
# A sparse checkout leaves files out, and says so of each.
git checkout-index --force --quiet --prefix="$work/tree/" -z --stdin <"$work/settings" 2>/dev/null || :
git checkout-index --force --quiet --prefix="$work/tree/" -z --stdin <"$work/staged"
# A link is no document of its own, and may lead out of the repository.
find "$work/tree" -type l -exec rm -f {} +

# Settings that were never added hold all the same.
if [ -f leadtone.toml ] && [ ! -f "$work/tree/leadtone.toml" ]; then
    cp leadtone.toml "$work/tree/leadtone.toml"
fi

cd "$work/tree"
# Each folder with settings of its own goes by these, the innermost ones first; what was checked is taken away.
find . -depth -type d -exec sh -c '
    work=$1
    shift
    for folder do
        folder=${folder#./}
        if [ -f "$folder/leadtone.toml" ]; then
            settings="--config=$folder/leadtone.toml"
        elif [ "$folder" = . ]; then
            settings=--isolated
        else
            continue
        fi
        leadtone check --quiet --allow-empty "$settings" "$folder" >>"$work/report" || : >"$work/refused"
        [ "$folder" = . ] || rm -rf "$folder"
    done
' sh "$work" {} +
if [ -e "$work/refused" ]; then
    cat "$work/report" >&2
    echo 'pre-commit: leadtone refuses this commit; `git commit --no-verify` goes without it' >&2
    exit 1
fi
