--- How is a process of skein begun, so that it can be asked? Starts it, and agrees with it on the wire's version.
local wire = require("skein.wire")

local M = {}

local PROTOCOL = 1
local CLIENT = { name = "skein.nvim", version = "0.1.0" }

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
  channel:request("initialize", { protocol = PROTOCOL, client = CLIENT }, function(refused, welcome)
    if refused == nil and welcome.protocol ~= PROTOCOL then
      local said = "skein speaks version %s of its wire, this plugin version %d: update the older one."
      refused = { message = said:format(welcome.protocol, PROTOCOL) }
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
