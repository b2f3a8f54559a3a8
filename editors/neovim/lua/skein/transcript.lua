--- What has been said and done in a session? Folds events into blocks, in order. Pure: no buffer, no window.
---
--- A block is { kind, … }: `user` { text, along,
--- is_steer }, `agent` and `thought` { id, step, text, is_open }, `call` { id,
--- name, title, state, summary, changes, preview, depth }, `notice` { level, text }, `turn` { outcome }.
local text = require("skein.text")

local M = {}

local Transcript = {}
Transcript.__index = Transcript

function M.new()
  return setmetatable({ blocks = {}, by_id = {}, questions = {} }, Transcript)
end

function Transcript:_add(block)
  table.insert(self.blocks, block)
  if block.id ~= nil then
    self.by_id[block.id] = #self.blocks
  end
  return #self.blocks
end

--- The place of the block with this id, which is made when it is not there.
function Transcript:_item(event, kind)
  local at = self.by_id[event.itemId]
  if at == nil then
    local is_thought = kind == "reasoning"
    local block = { kind = is_thought and "thought" or "agent", id = event.itemId, step = event.step, text = "" }
    at = self:_add(block)
  end
  return at, self.blocks[at]
end

local ENDS = {
  completed = function()
    return nil
  end,
  interrupted = function(outcome)
    return outcome.message or "Stopped."
  end,
  failed = function(outcome)
    return outcome.message
  end,
  exhausted = function(outcome)
    return outcome.message
  end,
}

--- What went along with a prompt, or nil.
local function along_of(input)
  return #input > 1 and text.said(vim.list_slice(input, 2)) or nil
end

local TAKES = {}

TAKES["turn.started"] = function(self, event)
  self.turn_blocks = #self.blocks
  return self:_add({ kind = "user", text = text.said({ event.input[1] }), along = along_of(event.input) })
end

TAKES["turn.steered"] = function(self, event)
  local first
  for _, input in ipairs(event.inputs) do
    local said, along = text.said({ input.input[1] }), along_of(input.input)
    local at = self:_add({ kind = "user", text = said, along = along, is_steer = true })
    first = first or at
  end
  return first
end

TAKES["item.started"] = function(self, event)
  local at, block = self:_item(event, event.kind)
  block.is_open = true
  return at
end

TAKES["item.delta"] = function(self, event)
  local at, block = self:_item(event, event.channel == "reasoning" and "reasoning" or "agent_message")
  block.text = block.text .. event.text
  return at
end

TAKES["item.completed"] = function(self, event)
  local at, block = self:_item(event, event.kind)
  block.text, block.is_open, block.step = event.text, false, event.step
  return at
end

--- What was said of an attempt that counts for nothing stays, marked.
TAKES["step.discarded"] = function(self, event)
  local first
  for at = (self.turn_blocks or 0) + 1, #self.blocks do
    local block = self.blocks[at]
    local is_said = block.kind == "agent" or block.kind == "thought"
    if is_said and block.step == event.step and not block.is_discarded then
      block.is_discarded, block.is_open = true, false
      first = first or at
    end
  end
  return first
end

TAKES["call.requested"] = function(self, event)
  return self:_add({
    kind = "call",
    id = event.callId,
    name = event.name,
    title = event.title,
    state = "validating",
    depth = event.parentCallId ~= nil and 1 or 0,
  })
end

--- Changes the block of a call, and says where it is.
local function call(self, id, changes)
  local at = id ~= nil and self.by_id[id] or nil
  if at ~= nil then
    for name, value in pairs(changes) do
      self.blocks[at][name] = value
    end
  end
  return at
end

TAKES["call.started"] = function(self, event)
  return call(self, event.callId, { state = "executing" })
end

TAKES["call.progress"] = function(self, event)
  return call(self, event.callId, { preview = event.preview })
end

TAKES["call.settled"] = function(self, event)
  local view = event.forHuman or {}
  local changes = {}
  for _, change in ipairs(event.changes or {}) do
    if change.diff ~= nil then
      table.insert(changes, { path = change.path, diff = change.diff })
    end
  end
  local said = event.outcome ~= "success" and event.forModel[1] ~= nil and event.forModel[1].text or nil
  local settled = { state = event.outcome, summary = view.summary, changes = changes, preview = false, failure = said }
  return call(self, event.callId, settled)
end

TAKES["approval.requested"] = function(self, event)
  self.questions[event.approvalId] = event.callId
  return call(self, event.callId, { state = "waiting" })
end

TAKES["approval.resolved"] = function(self, event)
  return call(self, self.questions[event.approvalId], { state = "scheduled" })
end

TAKES["shell.started"] = function(self, event)
  local block = { kind = "call", id = event.callId, name = "!", title = event.command, state = "executing", depth = 0 }
  return self:_add(block)
end

TAKES["shell.ended"] = TAKES["call.settled"]

TAKES["notice.posted"] = function(self, event)
  return self:_add({ kind = "notice", level = event.level, text = event.text })
end

TAKES["context.compacted"] = function(self)
  return self:_add({ kind = "notice", level = "info", text = "Older context left the model's view." })
end

TAKES["session.rewound"] = function(self)
  return self:_add({ kind = "notice", level = "info", text = "The conversation went back to an earlier place." })
end

TAKES["turn.ended"] = function(self, event)
  local said = ENDS[event.outcome.kind](event.outcome)
  if said ~= nil then
    return self:_add({ kind = "turn", outcome = event.outcome.kind, text = said })
  end
end

--- What is under way when a client joins: its texts are what the items hold so far.
TAKES["session.snapshot"] = function(self, event)
  local first
  for _, open in ipairs(event.openItems) do
    local at, block = self:_item(open, open.kind)
    block.text, block.is_open = open.text, true
    first = math.min(first or at, at)
  end
  return first
end

--- Takes one event. The place of the first block that is not as it was, or nil.
function Transcript:take(event)
  local taken = TAKES[event.type]
  return taken ~= nil and taken(self, event) or nil
end

--- Something of ours, that no event says.
function Transcript:note(level, said)
  return self:_add({ kind = "notice", level = level, text = said })
end

return M
