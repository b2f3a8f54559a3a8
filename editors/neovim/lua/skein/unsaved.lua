--- What has the editor of a file that its disk has not? Answers skein's file tools, so that they read and change what
--- the person sees, and nothing that was typed is lost.
local files = require("skein.files")

local M = {}

local ENDS = { unix = "\n", dos = "\r\n", mac = "\r" }
--- What ends a line in a text for such a buffer; of Unix lines it is what ends them here too.
local TO_LINES = { dos = "\r\n", mac = "\r\n?" }

--- The whole text of a buffer, as `:write` would write it but for its encoding.
function M.text_of(buffer)
  local line_end = ENDS[vim.bo[buffer].fileformat]
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), line_end)
  return vim.bo[buffer].endofline and text .. line_end or text
end

--- The buffer of a file that holds changes nobody saved, or nil.
local function held(path)
  for _, buffer in ipairs(files.buffers_of(path)) do
    if vim.bo[buffer].modified then
      return buffer
    end
  end
end

--- Puts lines in the place of a buffer's, and touches none that stays: marks and folds stay with them.
local function replace(buffer, lines)
  local old = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local first = 1
  while first <= #old and first <= #lines and old[first] == lines[first] do
    first = first + 1
  end
  local old_last, last = #old, #lines
  while old_last >= first and last >= first and old[old_last] == lines[last] do
    old_last, last = old_last - 1, last - 1
  end
  vim.api.nvim_buf_set_lines(buffer, first - 1, old_last, false, vim.list_slice(lines, first, last))
end

--- The answer to `read`: without a text, the file is as on disk.
local function read(request)
  local buffer = held(request.path)
  return buffer == nil and vim.empty_dict() or { text = M.text_of(buffer) }
end

--- The answer to `write`, or nil and why not. Autocommands are left out: what was agreed to is what is written.
local function write(request)
  local buffer = held(request.path)
  if buffer == nil then
    return { isWritten = false }
  end
  if request.expected == nil or vim.fn.sha256(M.text_of(buffer)) ~= request.expected then
    return nil, "The buffer has another text by now."
  end
  -- A buffer of Unix lines holds a CR as part of its line, and keeps it.
  local ends = TO_LINES[vim.bo[buffer].fileformat]
  local text = ends ~= nil and request.text:gsub(ends, "\n") or request.text
  vim.bo[buffer].endofline = text:sub(-1) == "\n"
  replace(buffer, vim.split((text:gsub("\n$", "")), "\n", { plain = true }))
  local is_written, failure = pcall(vim.api.nvim_buf_call, buffer, function()
    vim.cmd("noautocmd silent write!")
  end)
  if not is_written then
    return nil, "It could not be saved: " .. tostring(failure)
  end
  return { isWritten = true }
end

--- The result of a request of the kind `fs`, or nil and why it is refused.
function M.answer(request)
  if request.kind == "read" then
    return read(request)
  elseif request.kind == "write" then
    return write(request)
  end
  return nil, "This editor does not know that."
end

return M
