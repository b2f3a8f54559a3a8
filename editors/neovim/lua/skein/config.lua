--- What did the person set? Defaults, and a check that says which option is not understood.
local M = {}

M.defaults = {
  --- The program, as argv without its verb.
  command = { "skein" },
  --- The model of a new session, `provider/model`; nil: as skein chooses it in the folder.
  model = nil,
  --- The permission mode of a new session; nil: as skein's settings say.
  mode = nil,
  --- Columns of the chat.
  width = 72,
  --- Lines of the composer below it.
  composer_height = 4,
  --- Diagnostics that go with a prompt: `selection`, `buffer`, or `off`.
  diagnostics = "buffer",
  --- New errors after an edit are told to the running turn.
  diagnostics_after_edits = true,
  --- Buffers with unsaved changes: `share` lets skein's file tools read and change what they hold, `write` saves them
  --- before each prompt, `off` leaves skein with what is on disk.
  unsaved = "share",
  --- Milliseconds in which a yes does not count after a question came up: it was typed for something else.
  reading_ms = 400,
  --- Normal-mode keys of the whole editor; false sets none.
  keys = false,
}

M.values = vim.deepcopy(M.defaults)

local CHOICES = {
  diagnostics = { "selection", "buffer", "off" },
  unsaved = { "share", "write", "off" },
}

--- Whether `defaults` has a word by this name; those that are nil there are known too.
local OPTIONAL = { model = "string", mode = "string" }

--- A sentence for the first thing that is wrong, or nil.
local function flaw_of(given)
  for name, value in pairs(given) do
    local default = M.defaults[name]
    if default == nil and OPTIONAL[name] == nil then
      return string.format("There is no option `%s`.", name)
    end
    local wanted = OPTIONAL[name] or type(default)
    local is_key_table = name == "keys" and type(value) == "table"
    if type(value) ~= wanted and not is_key_table then
      return string.format("The option `%s` is a %s, not a %s.", name, wanted, type(value))
    end
    if CHOICES[name] ~= nil and not vim.tbl_contains(CHOICES[name], value) then
      return string.format("The option `%s` is one of %s.", name, table.concat(CHOICES[name], ", "))
    end
  end
end

--- Takes the person's options. Throws a sentence for one that is not understood, and changes nothing then.
function M.set(given)
  local flaw = flaw_of(given or {})
  if flaw ~= nil then
    error("skein: " .. flaw, 0)
  end
  M.values = vim.tbl_extend("force", vim.deepcopy(M.defaults), given or {})
end

return M
