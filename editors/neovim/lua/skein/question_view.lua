--- What must a person see to answer? Pure: a question of the engine becomes lines, with each hunk that can be chosen.
local diff = require("skein.diff")
local text = require("skein.text")

local M = {}

local function push(view, line, group)
  table.insert(view.lines, line)
  if group ~= nil then
    table.insert(view.marks, { line = #view.lines, group = group })
  end
end

--- What goes on in further lines stands below its beginning, where no line can pass for a field of its own.
local function field(view, name, value, group)
  for at, line in ipairs(text.lines(value)) do
    push(view, string.format("   %-9s %s", at == 1 and name or "", line), group)
  end
end

--- A standing rule in a few words.
local function rule_text(rule)
  local about = rule.command or rule.path or rule.host
  if rule.prefix ~= nil then
    about = table.concat(
      vim.tbl_map(function(word)
        return type(word) == "table" and table.concat(word, "|") or word
      end, rule.prefix),
      " "
    )
  end
  return about == nil and rule.tool or string.format("%s: %s", rule.tool, about)
end

--- All hunks of the actions' diffs, in the order that their numbers count. Choosing is off where the engine counts
--- others.
local function hunks_of(question)
  local hunks = {}
  for _, action in ipairs(question.actions) do
    vim.list_extend(hunks, diff.hunks(action.diff or "", action.target))
  end
  local can_choose = (question.hunksCount or 0) > 1 and question.hunksCount == #hunks
  return hunks, can_choose
end

local function push_hunk(view, hunk, head)
  local first = #view.lines + 1
  push(view, head, "SkeinName")
  for _, line in ipairs(hunk.lines) do
    local sign = line:sub(1, 1)
    local group = sign == "+" and "SkeinAdded" or sign == "-" and "SkeinRemoved" or nil
    push(view, "     " .. text.visible(line), group)
  end
  push(view, "")
  table.insert(view.hunks, { first = first, last = #view.lines })
end

local function push_hunks(view, question, hunks, can_choose, is_chosen)
  for at, hunk in ipairs(hunks) do
    local box = can_choose and (is_chosen[at] and "[x]" or "[ ]") or " ▎ "
    local place = string.format("%s:%d", text.visible(text.path(hunk.path, question.cwd or "")), hunk.new_start)
    local count = #hunks > 1 and string.format("hunk %d of %d  ", at, #hunks) or ""
    push_hunk(view, hunk, string.format(" %s %s%s  %s", box, count, place, diff.size({ hunk })))
  end
end

local KINDS = { add = "adds", update = "changes", delete = "deletes" }

--- What it did in a layer: every file is named, because what is not shown is not approved.
local function push_effects(view, effects)
  for _, change in ipairs(effects.changes) do
    field(view, KINDS[change.kind], change.path)
    for _, hunk in ipairs(diff.hunks(change.diff or "", change.path)) do
      push_hunk(view, hunk, string.format("  ▎ %s:%d", text.visible(change.path), hunk.new_start))
    end
  end
  for _, attempt in ipairs(effects.network) do
    field(view, "tried", string.format("%s:%d %s", attempt.host, attempt.port, attempt.decision))
  end
  if vim.trim(effects.output) ~= "" then
    field(view, "said", effects.output)
  end
end

--- The keys that allow, and those that do not.
local function keys_of(question, can_choose)
  local offers = {}
  for _, option in ipairs(question.options) do
    offers[option] = true
  end
  local keys = { question.subject == "effects" and "y keep it" or "y yes" }
  if can_choose then
    vim.list_extend(keys, { "space this hunk", "a all or none" })
  end
  if offers.allow_always then
    vim.list_extend(keys, { "s this session", "p this project", "u everywhere" })
  end
  if offers.preview then
    table.insert(keys, "t try it in a copy")
  end
  return { table.concat(keys, " · "), "n no · f no, but … · q later" }
end

--- { lines, marks, hunks, can_choose }: `hunks[n]` is where the hunk n stands; `is_chosen[n]` says which are wanted.
function M.of(question, title, is_chosen)
  local view = { lines = {}, marks = {}, hunks = {} }
  local hunks, can_choose = hunks_of(question)
  view.can_choose, view.hunks_count = can_choose, #hunks
  push(view, " ◌ " .. text.visible(text.short(title, 90)), "SkeinWaiting")
  -- Above what may be long: a person who sees nothing else sees what can be answered.
  for _, line in ipairs(keys_of(question, can_choose)) do
    push(view, "   " .. line, "SkeinDim")
  end
  push(view, "")
  for _, action in ipairs(question.actions) do
    field(view, action.verb, action.target)
  end
  if question.cwd ~= nil then
    field(view, "in", question.cwd)
  end
  field(view, "asks", table.concat(question.reasons, "; "))
  if question.taint ~= nil then
    field(view, "taint", table.concat(question.taint, "; "), "SkeinWaiting")
  end
  if question.always ~= nil then
    field(view, "always", rule_text(question.always))
  end
  push(view, "")
  push_hunks(view, question, hunks, can_choose, is_chosen)
  if question.effects ~= nil then
    push_effects(view, question.effects)
  end
  while view.lines[#view.lines] == "" do
    table.remove(view.lines)
  end
  return view
end

return M
