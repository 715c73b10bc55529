# SPDX-License-Identifier: MIT
"""Bodies on standard input, one a line, judged by the types of the official Python SDK named: openai or
anthropic. Every member must be one that the SDK has, of a type that it takes."""
import json
import sys

import pydantic

if sys.argv[1] == "openai":
    from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming as Body
else:
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming as Body
# newer SDKs leave out what the newest models refuse; older models take it
known = {"openai": set(), "anthropic": {"temperature", "top_p", "top_k"}}[sys.argv[1]]

judge = pydantic.TypeAdapter(Body, config=None)
names = set(Body.__annotations__)
for base in Body.__mro__ if hasattr(Body, "__mro__") else ():
    names |= set(getattr(base, "__annotations__", ()))


def whole(value):
    """Lists are judged when they are walked."""
    if isinstance(value, dict):
        return {k: whole(v) for k, v in value.items()}
    if isinstance(value, (str, bytes, int, float, bool)) or value is None:
        return value
    return [whole(v) for v in value]


wrong = count = 0
for line in sys.stdin:
    body, count = json.loads(line), count + 1
    try:
        whole(judge.validate_python(body))
        unknown = sorted(set(body) - names - known)
        if unknown:
            raise ValueError("members that the SDK does not have: " + ", ".join(unknown))
    except ValueError as error:
        wrong += 1
        print("%s: body %d: %s" % (sys.argv[1], count, str(error)[:600]))
print("%s: %d bodies, %d wrong" % (sys.argv[1], count, wrong))
sys.exit(1 if wrong or not count else 0)
