--- Did an edit break something? Watches what the editor finds in files that skein changed, and tells what is new.
local context = require("skein.context")
local files = require("skein.files")
local text = require("skein.text")

local M = {}

local Watch = {}
Watch.__index = Watch

local function key_of(found)
  return string.format("%d %s", found.severity, found.message)
end

local function serious(buffer)
  return vim.diagnostic.get(buffer, { severity = { min = vim.diagnostic.severity.WARN } })
end

--- tell(said): something that the model should know of now.
function M.new(tell)
  local self = setmetatable({ known = {}, tell = tell }, Watch)
  self.group = vim.api.nvim_create_augroup("skein-diagnostics", { clear = true })
  vim.api.nvim_create_autocmd("DiagnosticChanged", {
    group = self.group,
    callback = function(event)
      self:_changed(event.buf)
    end,
  })
  return self
end

--- A file was changed: what the editor finds now was there before.
function Watch:edited(path, cwd)
  for _, buffer in ipairs(files.buffers_of(path)) do
    if self.known[buffer] == nil then
      self.known[buffer] = { path = path, cwd = cwd, keys = {} }
      for _, found in ipairs(serious(buffer)) do
        self.known[buffer].keys[key_of(found)] = true
      end
    end
  end
end

--- The turn is over: what comes now goes with the next prompt.
function Watch:rest()
  self.known = {}
end

function Watch:_changed(buffer)
  local known = self.known[buffer]
  if known == nil then
    return
  end
  local lines = {}
  for _, found in ipairs(serious(buffer)) do
    if not known.keys[key_of(found)] then
      known.keys[key_of(found)] = true
      table.insert(lines, context.diagnostic_line(found, text.path(known.path, known.cwd)))
    end
  end
  if #lines > 0 then
    self.tell("The editor's diagnostics after the edit:\n" .. table.concat(lines, "\n"))
  end
end

return M
