"""Load by wrk, with a script that is made for the requests."""

import json
import subprocess
import tempfile

from benchmarks.load import Load, Outcome
from benchmarks.report import WrongAnswer

_SCRIPT = """
local given = {
%(requests)s
}
local formatted, turn, threads = {}, 0, {}
wrong, sample = 0, ""

function setup(thread) table.insert(threads, thread) end

function init()
  for _, r in ipairs(given) do table.insert(formatted, wrk.format(r[1], r[2], r[3], r[4])) end
end

function request()
  turn = turn %% #formatted + 1
  return formatted[turn]
end

function response(status, headers, body)
  if status == 200 and #body >= %(least)d and body:find(%(expected)s, 1, true) then return end
  wrong = wrong + 1
  if sample == "" then sample = status .. " " .. body:sub(1, 300):gsub("%%s", " ") end
end

function done(summary, latency)
  local errors, text = summary.errors, ""
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  if failed > 0 then text = "connections failed" end
  for _, thread in ipairs(threads) do
    failed = failed + thread:get("wrong")
    if thread:get("sample") ~= "" then text = thread:get("sample") end
  end
  io.write(string.format("\\nmeasured %%d %%d %%d %%d %%d %%s\\n", summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(99), text))
end
"""


def run(load: Load) -> Outcome:
    """Run wrk with one thread, which is more than a Python server can answer."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_script(load))
        script.flush()
        command = ["wrk", "--threads", "1", "--connections", str(load.connections)]
        command += ["--duration", f"{load.seconds}s", "--timeout", "10s", "--script", script.name, load.url]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("measured ")]
    if done.returncode != 0 or not lines:
        raise WrongAnswer(f"wrk failed: {done.stdout} {done.stderr}")
    _, answers, wrong, microseconds, p50, p99, *sample = lines[0].split(" ", 6)
    return Outcome(
        answers=int(answers),
        wrong=int(wrong),
        seconds=int(microseconds) / 1e6,
        p50=int(p50) / 1e3,
        p99=int(p99) / 1e3,
        sample="".join(sample),
    )


def _script(load: Load) -> str:
    values = {
        "requests": "\n".join(
            f"  {{{_quoted(each.method)}, {_quoted(each.path)}, {_table(dict(each.headers))}, {_quoted(each.body)}}},"
            for each in load.requests
        ),
        "least": load.least,
        "expected": _quoted(load.requests[0].expected),
    }
    return _SCRIPT % values


def _table(headers: dict[str, str]) -> str:
    return "{" + ", ".join(f"[{_quoted(name)}] = {_quoted(value)}" for name, value in headers.items()) + "}"


def _quoted(text: str) -> str:
    """Quote printable ASCII for Lua, whose strings are then written as JSON's are."""
    assert text.isascii()
    assert text.isprintable()
    return json.dumps(text)
