--- How is a process of skein begun, so that it can be asked? Starts it, and agrees with it on the wire's version.
local wire = require("skein.wire")

local M = {}

local PROTOCOL = 1
local CLIENT = { name = "skein.nvim", version = "0.1.0" }

--- How long skein may take to say its first word, in milliseconds. It takes a fraction of a second.
M.begin_ms_max = 30000

local function ignore() end

--- options: see `wire.start`, `command` without its verb. Calls done(error or nil, channel).
function M.connect(options, done)
  local channel, failure = wire.start({
    command = vim.list_extend(vim.deepcopy(options.command), { "serve", "--listen", "stdio" }),
    cwd = options.cwd,
    on_event = options.on_event or ignore,
    on_ended = options.on_ended or ignore,
    on_exit = options.on_exit or ignore,
  })
  if channel == nil then
    return done({ message = failure })
  end
  local is_answered = false
  vim.defer_fn(function()
    if not is_answered then
      channel:give_up("The program of `command` does not answer.")
    end
  end, M.begin_ms_max)
  channel:request("initialize", { protocol = PROTOCOL, client = CLIENT }, function(refused, welcome)
    is_answered = true
    local spoken = type(welcome) == "table" and welcome.protocol or nil
    if refused == nil and spoken ~= PROTOCOL then
      local said = "skein speaks version %s of its wire, this plugin version %d: update the older one."
      refused = { message = said:format(tostring(spoken), PROTOCOL) }
    end
    if refused ~= nil then
      channel:stop()
      local why = vim.trim(channel.stderr)
      return done({ code = refused.code, message = why ~= "" and refused.message .. " " .. why or refused.message })
    end
    done(nil, channel)
  end)
end

return M
