--- How is a text shown so that what is read is what is there? Pure.
local M = {}

--- Characters that change how others look, or are not seen: controls, zero width, other directions.
local HIDDEN = {
  { 0x00, 0x08 },
  { 0x0A, 0x1F },
  { 0x7F, 0x9F },
  { 0xAD, 0xAD },
  { 0x61C, 0x61C },
  { 0x115F, 0x1160 },
  { 0x180B, 0x180F },
  { 0x200B, 0x200F },
  { 0x2028, 0x202E },
  { 0x2060, 0x206F },
  { 0x2800, 0x2800 },
  { 0x3164, 0x3164 },
  { 0xFEFF, 0xFEFF },
  { 0xFFA0, 0xFFA0 },
  { 0xFFF0, 0xFFFB },
  { 0xE0000, 0xE0FFF },
}

local function is_hidden(point)
  for _, range in ipairs(HIDDEN) do
    if point >= range[1] and point <= range[2] then
      return true
    end
  end
  return false
end

--- One line with what cannot be seen written as `<200b>`, and a newline as `<0a>`: a name may hold one. Tabs stay.
function M.visible(line)
  if not line:find("[%z\1-\8\10-\31\127\194\216\225-\227\239\243]") then
    return line
  end
  return (
    line:gsub("[%z\1-\8\10-\31\127\194\216\225-\227\239\243][\128-\191]*", function(character)
      local point = vim.fn.char2nr(character)
      if character == "\0" or is_hidden(point) then
        return string.format("<%02x>", character == "\0" and 0 or point)
      end
    end)
  )
end

--- A text as visible lines, without the end of its last one.
function M.lines(text)
  local lines = vim.split((text:gsub("\r\n", "\n"):gsub("\n+$", "")), "\n", { plain = true })
  return vim.tbl_map(M.visible, lines)
end

--- A path as it is said: from the folder where it lies in it.
function M.path(path, cwd)
  if path:sub(1, #cwd + 1) == cwd .. "/" then
    return path:sub(#cwd + 2)
  end
  return path
end

--- What a person said, all parts of it as one text; an image is its name.
function M.said(input)
  local parts = vim.tbl_map(function(part)
    return part.type == "text" and part.text or string.format("[image %s]", part.name or part.mediaType)
  end, input)
  return table.concat(parts, "\n\n")
end

--- A text of one line, at most so many characters wide.
function M.short(text, width)
  local line = vim.trim((text:gsub("%s+", " ")))
  if vim.fn.strchars(line) <= width then
    return line
  end
  return vim.fn.strcharpart(line, 0, width - 1) .. "…"
end

return M
