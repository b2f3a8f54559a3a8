--- Can the plugin work here? `:checkhealth skein`.
local config = require("skein.config")

local M = {}

--- The words of Neovim 0.10, and those of before.
local function report(name, said)
  local health = vim.health or require("health")
  local say = health[name] or health["report_" .. name]
  say(said)
end

function M.check()
  report("start", "skein")
  if vim.fn.has("nvim-0.7") == 1 then
    report("ok", "Neovim is new enough.")
  else
    report("error", "Neovim 0.7 or newer is needed.")
  end
  local program = config.values.command[1]
  if vim.fn.executable(program) ~= 1 then
    return report("error", program .. " is not found. Install skein, or set `command` to where it is.")
  end
  local argv = vim.list_extend(vim.deepcopy(config.values.command), { "serve", "--help" })
  local said = vim.fn.system(argv)
  if vim.v.shell_error == 0 and said:find("stdio", 1, true) ~= nil then
    report("ok", program .. " can be driven from here.")
  else
    report("error", program .. " has no `serve --listen stdio`: update it. It said: " .. vim.trim(said))
  end
end

return M
