-- For wrk: sends the requests of a file one after another, and ends by saying in one line of JSON what was measured.
-- A line of the file: the method, the path, the value of Cookie, the value of If-None-Match, the body; by tabs.
local asked, place = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, cookie, tag, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
    local headers = { ["Host"] = wrk.headers["Host"] }
    if cookie ~= "" then headers["Cookie"] = cookie end
    if tag ~= "" then headers["If-None-Match"] = tag end
    if method == "POST" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    asked[#asked + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  place = place % #asked + 1
  return asked[place]
end

function done(summary, latency, requests)
  io.write(string.format(
    '\n{"requests": %d, "microseconds": %d, "p50": %d, "p95": %d, "p99": %d, "bytes": %d, "refused": %d, "lost": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    summary.bytes, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
