-- The commands. Nothing else is loaded until one is used.
if vim.g.loaded_skein ~= nil or vim.fn.has("nvim-0.7") == 0 then
  return
end
vim.g.loaded_skein = true

local function command(name, options, act)
  vim.api.nvim_create_user_command(name, act, options)
end

command("Skein", { nargs = "*", range = true, desc = "Say something to skein, with the chosen lines" }, function(given)
  local skein = require("skein")
  local range = given.range > 0 and { given.line1, given.line2 } or nil
  if given.args == "" and range == nil then
    return skein.chat()
  end
  if range ~= nil and not skein.is_in_file() then
    return vim.notify("skein: the lines of a range are those of a file: go to its window first.", vim.log.levels.ERROR)
  end
  local function say(said)
    if said ~= nil and vim.trim(said) ~= "" then
      skein.say(said, { range = range })
      skein.chat({ enters = false })
    end
  end
  if given.args ~= "" then
    return say(given.args)
  end
  vim.ui.input({ prompt = "skein › " }, say)
end)

for name, row in pairs({
  SkeinChat = { "chat", "Show the chat" },
  SkeinToggle = { "toggle", "Show or hide the chat" },
  SkeinApprove = { "approve", "Go to the open question" },
  SkeinReview = { "review", "Show what the session changed, hunk by hunk" },
  SkeinInterrupt = { "interrupt", "Stop the running turn" },
  SkeinNew = { "new", "Begin another session" },
  SkeinStop = { "stop", "Let go of the session" },
}) do
  command(name, { desc = row[2] }, function()
    require("skein")[row[1]]()
  end)
end

command("SkeinResume", { nargs = "?", desc = "Go on with a session of this folder" }, function(given)
  require("skein").resume(given.args)
end)

local group = vim.api.nvim_create_augroup("skein", { clear = true })
vim.api.nvim_create_autocmd("BufEnter", {
  group = group,
  callback = function(event)
    if package.loaded["skein"] ~= nil then
      require("skein").entered(event.buf)
    end
  end,
})
