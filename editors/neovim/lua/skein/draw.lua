--- What does a block look like? Pure: a block becomes lines and the parts of them that have a meaning of their own.
local diff = require("skein.diff")
local text = require("skein.text")

local M = {}

local STATES = {
  validating = { "●", "SkeinDim" },
  scheduled = { "●", "SkeinDim" },
  executing = { "●", "SkeinRunning" },
  waiting = { "◌", "SkeinWaiting" },
  success = { "✓", "SkeinDone" },
  error = { "✗", "SkeinFailed" },
  cancelled = { "✗", "SkeinDim" },
}

--- Lines of a diff, or of a preview, that the chat shows of a call; the review has all.
local SHOWN_MAX = 12

local function paint(painted, line, group, from, to)
  table.insert(painted.marks, { line = line, group = group, from = from or 0, to = to or -1 })
end

local function push(painted, line, group)
  table.insert(painted.lines, line)
  if group ~= nil then
    paint(painted, #painted.lines, group)
  end
end

local DRAWS = {}

--- What a person wrote, and below it what went along.
function DRAWS.user(block, painted)
  for at, line in ipairs(text.lines(block.text)) do
    push(painted, (at == 1 and "› " or "  ") .. line, "SkeinPrompt")
  end
  local along = block.along ~= nil and text.lines(block.along) or {}
  for at = 1, math.min(#along, SHOWN_MAX) do
    push(painted, "  ┊ " .. along[at], "SkeinDim")
  end
  if #along > SHOWN_MAX then
    push(painted, string.format("  ┊ ⋯ %d more lines", #along - SHOWN_MAX), "SkeinDim")
  end
end

function DRAWS.agent(block, painted)
  for _, line in ipairs(text.lines(block.text)) do
    push(painted, line == "" and "" or "  " .. line, block.is_discarded and "SkeinDim" or nil)
  end
  if block.is_discarded then
    push(painted, "  The answer broke off and is asked for again.", "SkeinDim")
  end
end

--- While it goes on, its newest line; afterwards how long it was.
function DRAWS.thought(block, painted)
  local lines = text.lines(block.text)
  if block.is_open then
    push(painted, "  ┊ " .. text.short(lines[#lines] or "", 66), "SkeinDim")
  else
    push(painted, string.format("  ┊ thought, %d %s", #lines, #lines == 1 and "line" or "lines"), "SkeinDim")
  end
end

local function draw_change(change, painted, budget)
  for _, hunk in ipairs(diff.hunks(change.diff, change.path)) do
    for _, line in ipairs(hunk.lines) do
      local sign = line:sub(1, 1)
      if sign == "+" or sign == "-" then
        if budget.left > 0 then
          push(painted, "  ▎ " .. text.visible(line), sign == "+" and "SkeinAdded" or "SkeinRemoved")
        end
        budget.left = budget.left - 1
      end
    end
  end
end

function DRAWS.call(block, painted)
  local glyph, group = unpack(STATES[block.state] or STATES.validating)
  local indent = string.rep("  ", block.depth)
  local title = text.visible(text.short(block.title, 64))
  local verb = title:match("^%S+") or ""
  local head = string.format("%s%s ", indent, glyph)
  local summary = block.summary ~= nil and "   " .. text.visible(text.short(block.summary, 64)) or ""
  push(painted, head .. title .. summary)
  paint(painted, #painted.lines, group, #indent, #indent + #glyph)
  paint(painted, #painted.lines, "SkeinName", #head, #head + #verb)
  paint(painted, #painted.lines, "SkeinDim", #head + #title)
  local budget = { left = SHOWN_MAX }
  for _, change in ipairs(block.changes or {}) do
    draw_change(change, painted, budget)
  end
  if budget.left < 0 then
    push(painted, string.format("  ▎ ⋯ %d more lines, :SkeinReview shows them", -budget.left), "SkeinDim")
  end
  local said = block.preview or block.failure
  local lines = said and text.lines(said) or {}
  for at = math.max(1, #lines - SHOWN_MAX + 1), #lines do
    push(painted, "  ┊ " .. lines[at], "SkeinDim")
  end
end

function DRAWS.notice(block, painted)
  local groups = { error = "SkeinFailed", warning = "SkeinWaiting", info = "SkeinDim" }
  for _, line in ipairs(text.lines(block.text)) do
    push(painted, "  " .. line, groups[block.level])
  end
end

function DRAWS.turn(block, painted)
  local group = block.outcome == "failed" and "SkeinFailed" or "SkeinDim"
  for at, line in ipairs(text.lines(block.text)) do
    push(painted, (at == 1 and "✗ " or "  ") .. line, group)
  end
end

--- What stands close together: calls and thoughts are the work between two messages.
local WORK = { call = true, thought = true }

--- { lines, marks }: a mark is { line, group, from, to }, the line from 1 within the block, columns in bytes, -1 the
--- end. `before` is the block above it, or nil: a blank line parts what is of different kinds.
function M.block(block, before)
  local painted = { lines = {}, marks = {} }
  local is_close = before ~= nil and WORK[before.kind] and WORK[block.kind]
  if before ~= nil and not is_close then
    push(painted, "")
  end
  DRAWS[block.kind](block, painted)
  return painted
end

return M
