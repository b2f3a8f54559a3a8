--- Which color has what? Names of the plugin's own, each a link to one that color schemes know.
local M = {}

--- What every Neovim has.
local LINKS = {
  SkeinPrompt = "Title",
  SkeinDim = "Comment",
  SkeinRunning = "DiagnosticInfo",
  SkeinFailed = "DiagnosticError",
  SkeinWaiting = "DiagnosticWarn",
  SkeinName = "Bold",
}

--- Newer ones have names for these. Before, a scheme's names for whole lines of a comparison are often hard to read.
local CHOICES = {
  SkeinAdded = { names = { "Added", "diffAdded" }, dark = "#7bc47f", light = "#2e7d32", cterm = 2 },
  SkeinRemoved = { names = { "Removed", "diffRemoved" }, dark = "#e58080", light = "#b3261e", cterm = 1 },
}

local function look_of(choice)
  for _, name in ipairs(choice.names) do
    if vim.fn.hlexists(name) == 1 then
      return { link = name, default = true }
    end
  end
  return { fg = vim.o.background == "light" and choice.light or choice.dark, ctermfg = choice.cterm, default = true }
end

local function define()
  for group, link in pairs(LINKS) do
    vim.api.nvim_set_hl(0, group, { link = link, default = true })
  end
  for group, choice in pairs(CHOICES) do
    vim.api.nvim_set_hl(0, group, look_of(choice))
  end
  vim.api.nvim_set_hl(0, "SkeinDone", { link = "SkeinAdded", default = true })
end

--- Defines them, and again whenever a color scheme has cleared all.
function M.define()
  define()
  local group = vim.api.nvim_create_augroup("skein-colors", { clear = true })
  vim.api.nvim_create_autocmd("ColorScheme", { group = group, callback = define })
end

return M
