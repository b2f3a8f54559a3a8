--- What goes with a prompt? The chosen lines, and what the editor finds wrong with them.
local text = require("skein.text")

local M = {}

--- Bounds of what is sent unasked.
local LINES_MAX = 400
local DIAGNOSTICS_MAX = 30

local SEVERITIES = { "error", "warning", "info", "hint" }

--- The absolute path of a buffer's file, links resolved; nil for a buffer that stands for none.
function M.path_of(buffer)
  if not vim.api.nvim_buf_is_valid(buffer) or vim.bo[buffer].buftype ~= "" then
    return nil
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  if name == "" then
    return nil
  end
  return vim.loop.fs_realpath(name) or vim.fn.fnamemodify(name, ":p")
end

--- A fence longer than any in the text.
local function fenced(body, language)
  local fence = "```"
  while body:find(fence, 1, true) do
    fence = fence .. "`"
  end
  return string.format("%s%s\n%s\n%s", fence, language, body, fence)
end

--- The lines `first` to `last` of a buffer, with their file and numbers.
function M.selection(buffer, first, last, cwd)
  local lines = vim.api.nvim_buf_get_lines(buffer, first - 1, math.min(last, first + LINES_MAX - 1), false)
  local path = M.path_of(buffer)
  local name = path ~= nil and text.path(path, cwd) or "a buffer without a file"
  local place = first == last and string.format("line %d", first) or string.format("lines %d-%d", first, last)
  local cut = last - first + 1 > LINES_MAX and string.format("\nOnly the first %d lines are here.", LINES_MAX) or ""
  return string.format("%s, %s:\n%s%s", name, place, fenced(table.concat(lines, "\n"), vim.bo[buffer].filetype), cut)
end

--- One line for one diagnostic of `vim.diagnostic`.
function M.diagnostic_line(found, name)
  local severity = SEVERITIES[found.severity] or "error"
  local source = found.source ~= nil and string.format(" (%s)", found.source) or ""
  local message = text.short(found.message, 300)
  return string.format("%s:%d:%d %s: %s%s", name, found.lnum + 1, found.col + 1, severity, message, source)
end

--- What the editor finds wrong with a buffer, or with some lines of it; nil when nothing.
function M.diagnostics(buffer, cwd, first, last)
  local path = M.path_of(buffer)
  if path == nil then
    return nil
  end
  local found = vim.tbl_filter(function(each)
    local line = each.lnum + 1
    return first == nil or (line >= first and line <= last)
  end, vim.diagnostic.get(buffer))
  table.sort(found, function(a, b)
    return a.severity ~= b.severity and a.severity < b.severity or a.severity == b.severity and a.lnum < b.lnum
  end)
  local lines = {}
  for at = 1, math.min(#found, DIAGNOSTICS_MAX) do
    table.insert(lines, M.diagnostic_line(found[at], text.path(path, cwd)))
  end
  if #found > DIAGNOSTICS_MAX then
    table.insert(lines, string.format("%d more.", #found - DIAGNOSTICS_MAX))
  end
  return #lines > 0 and "The editor's diagnostics:\n" .. table.concat(lines, "\n") or nil
end

--- The buffers with unsaved changes to files of the folder: { buffer, path }.
function M.unsaved(cwd)
  local found = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local path = vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].modified and M.path_of(buffer) or nil
    if path ~= nil and path:sub(1, #cwd + 1) == cwd .. "/" then
      table.insert(found, { buffer = buffer, path = path })
    end
  end
  return found
end

--- All parts of a prompt. options.buffer: the file that the person looks at. options.range: { first, last }, or nil.
--- options.cwd, options.diagnostics: see `config`.
function M.parts(said, options)
  local parts = { said }
  local first, last = unpack(options.range or {})
  local buffer = options.buffer
  if buffer ~= nil and first ~= nil then
    table.insert(parts, M.selection(buffer, first, last, options.cwd))
  end
  local is_wanted = options.diagnostics == "buffer" or (options.diagnostics == "selection" and first ~= nil)
  if buffer ~= nil and is_wanted then
    table.insert(parts, M.diagnostics(buffer, options.cwd, first, last))
  end
  return parts
end

return M
