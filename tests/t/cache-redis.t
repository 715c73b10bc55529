#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: llm-cache does on a real Redis what it does on a file: the same tests, on a server.
. "$(dirname "$0")/../lib.sh"
. "$TOP/tests/redis.sh"

on_redis cache cache-semantic cache-upkeep
finish
