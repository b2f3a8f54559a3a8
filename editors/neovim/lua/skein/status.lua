--- How is the session, in a few words? Pure.
local M = {}

local function state_of(session)
  if #session.pending > 0 then
    return "◌ waits for you"
  end
  return session.is_running and "● works" or "idle"
end

--- `◌ waits for you · ask · claude-sonnet · ctx 31 %`; empty without a session.
function M.text(session)
  if session == nil then
    return ""
  end
  local parts = { state_of(session) }
  if session.settings.mode ~= nil then
    table.insert(parts, session.settings.mode)
  end
  if session.settings.model ~= nil then
    table.insert(parts, (session.settings.model:gsub("^[^/]*/", "")))
  end
  local tokens, tokens_max = session.context_tokens, session.context_tokens_max
  if tokens ~= nil and tokens_max ~= nil and tokens_max > 0 then
    table.insert(parts, string.format("ctx %d %%", math.floor(tokens * 100 / tokens_max)))
  end
  return table.concat(parts, " · ")
end

return M
