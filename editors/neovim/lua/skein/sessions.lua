--- Which session does the person mean? Lists those of the folder, and lets one be picked.
local text = require("skein.text")

local M = {}

local LIMIT = 50

local function row(summary)
  local day = os.date("%Y-%m-%d %H:%M", math.floor(summary.updatedAt / 1000))
  local said = summary.title or summary.preview
  return string.format("%s  %s", day, text.visible(text.short(said ~= "" and said or "nothing was said", 70)))
end

--- options.command, options.cwd, options.connect: see `engine.connect`. Calls done(error or nil, session id or nil).
function M.pick(options, done)
  options.connect(options, function(refused, channel)
    if refused ~= nil then
      return done(refused)
    end
    local query = { type = "sessions.list", cwd = options.cwd, limit = LIMIT }
    channel:request("ask", { query = query }, function(reason, result)
      channel:stop()
      if reason ~= nil then
        return done(reason)
      end
      if #result.answer == 0 then
        return done({ message = "There is no session in this folder yet." })
      end
      vim.ui.select(result.answer, { prompt = "Go on with", format_item = row }, function(summary)
        done(nil, summary and summary.sessionId)
      end)
    end)
  end)
end

return M
