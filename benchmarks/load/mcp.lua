-- wrk script: MCP tools/call over Streamable HTTP with keep-alive.  Configured by the environment:
--   MCP_ERA      legacy (default) | modern
--   MCP_VERSION  legacy: 2025-06-18 | 2025-11-25 (default);  modern: 2026-07-28 (default)
--   MCP_SESSION  legacy: session id(s) obtained beforehand, comma-separated (see bench.sh); omitted -> no header (stateless server)
--   MCP_TOOL     tool name (default echo);  MCP_ARGS  arguments as JSON (default {"text":"hello"})
--   MCP_AUTH     value of an Authorization header (optional);  MCP_PATH (default: the path of the URL)
--   MCP_CHECK=1  look at every answer (slower): counts JSON-RPC errors and answers without a result
--   MCP_DENY=n   per cent of requests that call MCP_DENIED_TOOL (default delete_everything) instead: a policy-mix load
-- 10,000 requests with distinct ids are prepared per thread: an id must not come round again while its call is in flight.
-- Sending one costs a table look-up.
local era     = os.getenv("MCP_ERA") or "legacy"
local version = os.getenv("MCP_VERSION") or (era == "modern" and "2026-07-28" or "2025-11-25")
local tool    = os.getenv("MCP_TOOL") or "echo"
local args    = os.getenv("MCP_ARGS") or '{"text":"hello"}'
local denied  = os.getenv("MCP_DENIED_TOOL") or "delete_everything"
local deny    = tonumber(os.getenv("MCP_DENY") or "0")
local auth    = os.getenv("MCP_AUTH")
local check   = os.getenv("MCP_CHECK") == "1"
local N       = 10000

local sessions = {}
for s in string.gmatch(os.getenv("MCP_SESSION") or "", "[^,]+") do sessions[#sessions + 1] = s end

local threads = {}
function setup(thread) thread:set("tid", #threads + 1); threads[#threads + 1] = thread end

local reqs, n = {}, 0
ok, rpcerr, other = 0, 0, 0

function init()
  for i = 1, N do
    local name = (deny > 0 and (i * 37) % 100 < deny) and denied or tool
    local id = tid * 1000000 + i
    local h = { ["Content-Type"] = "application/json", ["Accept"] = "application/json, text/event-stream",
                ["MCP-Protocol-Version"] = version }
    local meta = ""
    if era == "modern" then
      h["Mcp-Method"] = "tools/call"; h["Mcp-Name"] = name
      meta = ',"_meta":{"io.modelcontextprotocol/protocolVersion":"' .. version .. '",' ..
             '"io.modelcontextprotocol/clientInfo":{"name":"wrk","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}'
    elseif #sessions > 0 then
      h["Mcp-Session-Id"] = sessions[(tid * N + i) % #sessions + 1]
    end
    if auth then h["Authorization"] = auth end
    local body = '{"jsonrpc":"2.0","id":' .. id .. ',"method":"tools/call","params":{"name":"' .. name ..
                 '","arguments":' .. args .. meta .. '}}'
    reqs[i] = wrk.format("POST", os.getenv("MCP_PATH") or wrk.path, h, body)
  end
end

function request() n = n % N + 1; return reqs[n] end

if check then
  function response(status, headers, body)
    if status ~= 200 then other = other + 1
    elseif body:find('"error"', 1, true) then rpcerr = rpcerr + 1
    elseif body:find('"result"', 1, true) then ok = ok + 1
    else other = other + 1 end
  end
end

function done(summary, latency)
  local s = summary.duration / 1e6
  io.write(string.format("RESULT req/s=%.0f p50=%.0fus p90=%.0fus p99=%.0fus p99.9=%.0fus max=%.0fus requests=%d non2xx=%d connect=%d read=%d write=%d timeout=%d",
    summary.requests / s, latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9), latency.max,
    summary.requests, summary.errors.status, summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout))
  if check then
    local a, b, c = 0, 0, 0
    for _, t in ipairs(threads) do a = a + t:get("ok"); b = b + t:get("rpcerr"); c = c + t:get("other") end
    io.write(string.format(" ok=%d rpcError=%d other=%d", a, b, c))
  end
  io.write("\n")
end
