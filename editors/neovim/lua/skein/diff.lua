--- Which hunks has a unified diff, and what stands on each of its sides? Pure.
local M = {}

local HEADER = "^@@ %-(%d+),?(%d*) %+(%d+),?(%d*) @@"

--- The lines of a text; the end of its last line makes no further one.
function M.lines(text)
  local lines = vim.split(text, "\n", { plain = true })
  if lines[#lines] == "" then
    table.remove(lines)
  end
  return lines
end

--- The hunks of a diff, in order: { path, header, old_start, new_start, lines, added, removed }. `lines` have their
--- signs. What is no text has none.
function M.hunks(diff, path)
  local hunks = {}
  for _, line in ipairs(M.lines(diff)) do
    local old_start, _, new_start = line:match(HEADER)
    local hunk = hunks[#hunks]
    if old_start ~= nil then
      hunk = { path = path, header = line, lines = {}, added = 0, removed = 0 }
      hunk.old_start, hunk.new_start = tonumber(old_start), tonumber(new_start)
      table.insert(hunks, hunk)
    elseif hunk ~= nil and line:match("^[ +\\-]") then
      table.insert(hunk.lines, line)
      hunk.added = hunk.added + (line:sub(1, 1) == "+" and 1 or 0)
      hunk.removed = hunk.removed + (line:sub(1, 1) == "-" and 1 or 0)
    end
  end
  return hunks
end

--- One side of a hunk, `+` or `-`, byte for byte: a last line has no end where the diff says so.
function M.side(hunk, sign)
  local text, is_last_own = "", false
  for _, line in ipairs(hunk.lines) do
    local mark = line:sub(1, 1)
    if mark == "\\" then
      text = is_last_own and text:sub(1, -2) or text
    else
      is_last_own = mark == sign or mark == " "
      if is_last_own then
        text = text .. line:sub(2) .. "\n"
      end
    end
  end
  return text
end

--- What `files.revert` is told of a hunk of a whole diff: the part of the file as it is, and as it was.
function M.revert_of(hunk)
  local new_text = M.side(hunk, "+")
  -- Where nothing stands now, the number is that of the line before.
  local line = new_text == "" and hunk.new_start + 1 or hunk.new_start
  return { line = line, oldText = M.side(hunk, "-"), newText = new_text }
end

--- `+9 −4`
function M.size(hunks)
  local added, removed = 0, 0
  for _, hunk in ipairs(hunks) do
    added, removed = added + hunk.added, removed + hunk.removed
  end
  return string.format("+%d −%d", added, removed)
end

return M
