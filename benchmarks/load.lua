-- Posts the bodies with all tokens in turn; counts every answer that is not a 200 with data, or that refuses under
-- the alias "refused". Where a body holds @KEY@, each request has a key of its own there.
local tokens, bodies, turn = {}, {}, 0
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  for line in io.lines(args[1]) do table.insert(tokens, line) end
  for line in io.lines(args[2]) do table.insert(bodies, line) end
  failed = 0
  keyed = string.find(bodies[1], "@KEY@", 1, true) ~= nil
  run = args[3] or "run"
end

function request()
  turn = turn + 1
  local token, body = tokens[turn % #tokens + 1], bodies[turn % #bodies + 1]
  if keyed then body = string.gsub(body, "@KEY@", run .. turn, 1) end
  local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
  return wrk.format("POST", "/graphql", headers, body)
end

function response(status, _, answer)
  if status ~= 200 or string.find(answer, '"errors"', 1, true) or string.find(answer, '"refused"', 1, true) then failed = failed + 1 end
end

function done(summary, latency)
  local lost = 0
  for _, thread in ipairs(threads) do lost = lost + thread:get("failed") end
  local errors = summary.errors
  lost = lost + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('RESULT {"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, lost))
end
