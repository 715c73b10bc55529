#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: the ledger of limits does on a real Redis what it does on a file: the same tests, on a server.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/redis.sh"

on_redis cost-limit batch-run-limit
finish
