#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route train and tune beside length, one regression on words, and the best ensemble that is known,
# on labels that none of them saw: APGR, the mean over all shares of strong calls of how much of the
# strong model's lead is kept (a coin: .500). The same rows for all of them; --traffic gets 200 of the
# prompts that are asked, without their labels.
#
# usage: sh scripts/bench.d/route-quality.sh FOLDER-OF-BINARIES
# Environment: LLM_TEST_DATA, where the labels are; LLM_TEST_ENCODER, for the figures with an encoder;
#   BENCH_SEEDS (10), pairs of halves; BENCH_PYTHON (python3), with scikit-learn for the rivals
set -u
cd "$(dirname "$0")/../.." || exit 3
if [ -z "${LLM_TEST_DATA:-}" ]; then
	echo 'route-quality: LLM_TEST_DATA is not set: nothing measured'
	exit 0
fi
dir=$(mktemp -d) || exit 3
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
OMP_NUM_THREADS=1 "${BENCH_PYTHON:-python3}" scripts/bench.d/route-quality.py "$1" \
	"$LLM_TEST_DATA/route/mmlu-dev.jsonl" "$dir" "${BENCH_SEEDS:-10}" "${LLM_TEST_ENCODER:-}"
