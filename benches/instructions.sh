#!/bin/sh
# Prints how many instructions each byte of five made-up texts takes, from bytes to report. Wants valgrind.
set -eu
cd "$(dirname "$0")/.."
cargo bench --bench instructions --no-run
bench=$(ls -t target/release/deps/instructions-* | grep -v '\.d$' | head -n 1)
out=$(mktemp)
trap 'rm -f "$out"' EXIT
printf '| text | instructions a byte | instructions a sentence |\n|---|---:|---:|\n'
for name in prose one-word-over-and-over one-word-sentences unknown-words one-long-line; do
    said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='instructions::judged' "$bench" "$name" 2>"$out")
    count=$(sed -n 's/.*Collected : //p' "$out")
    echo "$said $count" | awk '{ printf "| %s | %.0f | %.0f |\n", $1, $4 / $2, $4 / $3 }'
done
