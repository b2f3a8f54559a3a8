--- What happens between the one session of this editor and its windows? Events come in here, and are shown.
local approval = require("skein.approval")
local chat = require("skein.chat")
local colors = require("skein.colors")
local config = require("skein.config")
local context = require("skein.context")
local diagnostics = require("skein.diagnostics")
local files = require("skein.files")
local interview = require("skein.interview")
local transcript = require("skein.transcript")
local unsaved = require("skein.unsaved")

local M = {}

--- The session that is open or opening, the chat and the approval window that belong to this editor, and what the chat
--- shows: the conversation of the session, or of the last one.
local state = { transcript = transcript.new() }
M.state = state

--- Something that did not work, in a sentence.
function M.fail(said)
  vim.notify("skein: " .. said, vim.log.levels.ERROR)
end

--- The same, and in the chat too: a message is soon written over.
local function fail_in_chat(said)
  state.chat:changed(state.transcript:note("error", said))
  M.fail(said)
end

--- The folder that Neovim is in, links resolved.
function M.folder()
  return vim.loop.fs_realpath(vim.fn.getcwd()) or vim.fn.getcwd()
end

--- The file that the person looks at: the newest window that shows one.
function M.file_buffer()
  local current = vim.api.nvim_get_current_buf()
  if context.path_of(current) ~= nil then
    return current
  end
  return state.file_buffer ~= nil and context.path_of(state.file_buffer) ~= nil and state.file_buffer or nil
end

local function redraw_status()
  vim.cmd("redrawstatus!")
end

local function title_of(question)
  for _, block in ipairs(state.session.transcript.blocks) do
    if block.kind == "call" and block.id == question.callId then
      return block.title
    end
  end
  local agent = question.agent ~= nil and question.agent.name or nil
  return agent ~= nil and string.format("%s, for the agent %s", question.subject, agent) or question.subject
end

local function show_question()
  local question = state.session.pending[1]
  state.approval:show(question, question and title_of(question))
  redraw_status()
end

local EVENTS = {}

--- A file is another on the disk. Reading it again clears what the editor found in it, so that is noted first.
local function changed(event)
  for _, change in ipairs(event.changes or {}) do
    state.watch:edited(change.path, state.session.cwd)
    files.reload(change.path)
  end
end

EVENTS["call.settled"] = changed
EVENTS["files.changed"] = changed
EVENTS["files.restored"] = changed

EVENTS["turn.started"] = redraw_status

EVENTS["turn.ended"] = function()
  state.watch:rest()
  redraw_status()
end

EVENTS["settings.changed"] = redraw_status
EVENTS["usage.updated"] = redraw_status

local ANSWERS = {}

function ANSWERS.fs(event)
  -- Whatever a buffer does not allow: the engine waits for an answer.
  local is_done, result, refusal = pcall(unsaved.answer, event.payload)
  if not is_done then
    result, refusal = nil, "The editor could not do it: " .. tostring(result)
  end
  state.session:reply(event, result, refusal)
end

function ANSWERS.question(event)
  local session = state.session
  interview.ask(event.payload.questions, function(answers)
    if answers ~= nil then
      session:reply(event, { answers = answers })
    else
      session:reply(event, nil, "")
    end
  end)
end

EVENTS["client.requested"] = function(event)
  local answer = ANSWERS[event.kind]
  if answer ~= nil then
    answer(event)
  end
end

--- New errors join the running turn, and never begin one.
local function tell_diagnostics(said)
  local session = state.session
  if session ~= nil and session.turn_id ~= nil and config.values.diagnostics_after_edits then
    local op = { type = "turn.submit", delivery = "steer", expectedTurnId = session.turn_id }
    op.input = { { type = "text", text = said } }
    -- A turn that ended meanwhile refuses it: then the next prompt brings what the editor finds.
    session:submit(op, function() end)
  end
end

--- Makes the windows, once; they are shown when they are wanted.
function M.build(acts)
  if state.chat ~= nil and state.chat:is_whole() then
    return
  end
  local is_again = state.chat ~= nil
  colors.define()
  state.chat = chat.new({
    width = config.values.width,
    composer_height = config.values.composer_height,
    blocks = function()
      return state.transcript.blocks
    end,
    send = function(said, delivery, failed)
      acts.say(said, { delivery = delivery, failed = failed })
    end,
    stop = acts.interrupt,
  })
  if is_again then
    return state.chat:clear()
  end
  state.approval = approval.new({
    reading_ms = config.values.reading_ms,
    answer = function(question, answer, done)
      state.session:answer(question, answer, done)
    end,
  })
  state.watch = diagnostics.new(tell_diagnostics)
end

local function ended(message)
  state.session = nil
  state.approval:hide()
  fail_in_chat(message)
  redraw_status()
end

--- Opens a session, or goes on with one, and calls done(session) then, or failed() where it cannot be opened.
local function open(session_id, done, failed)
  local opening = { waiting = { { done = done, failed = failed } } }
  state.opening = opening
  local settings = { model = config.values.model, mode = config.values.mode }
  local options = {
    command = config.values.command,
    cwd = M.folder(),
    session_id = session_id,
    settings = next(settings) ~= nil and settings or nil,
    answers = config.values.unsaved == "share" and { "approval", "question", "fs" } or { "approval", "question" },
    on_change = function(at)
      state.chat:changed(at)
    end,
    on_event = function(event)
      local take = EVENTS[event.type]
      if take ~= nil then
        take(event)
      end
    end,
    on_asked = show_question,
    on_exit = function(message)
      if state.session == opening.session then
        ended(message)
      end
    end,
    on_begun = function(session)
      opening.session = session
      if state.opening ~= opening then
        return session:close()
      end
      state.session, state.transcript = session, session.transcript
      state.chat:clear()
    end,
  }
  require("skein.session").open(options, function(reason, session)
    -- The person went on elsewhere meanwhile.
    if state.opening ~= opening then
      return
    end
    state.opening = nil
    if reason ~= nil then
      state.session = nil
      fail_in_chat(reason.message)
    end
    redraw_status()
    for _, each in ipairs(opening.waiting) do
      local act = reason == nil and each.done or each.failed
      if act ~= nil then
        act(session)
      end
    end
  end)
end

--- Calls done(session), with a new one where none is open, or failed() where none can be opened.
function M.with_session(done, failed)
  if state.opening ~= nil then
    table.insert(state.opening.waiting, { done = done, failed = failed })
  elseif state.session ~= nil and state.session.is_ready then
    done(state.session)
  else
    open(nil, done, failed)
  end
end

--- Lets go of the session; what runs in it is stopped. What waited for it to open is told that it did not.
function M.leave()
  local opening = state.opening
  state.opening = nil
  if state.session ~= nil then
    state.session:close()
    state.session = nil
    state.approval:hide()
    redraw_status()
  end
  for _, each in ipairs(opening ~= nil and opening.waiting or {}) do
    if each.failed ~= nil then
      each.failed()
    end
  end
end

--- Goes on in another session, or in a new one.
function M.switch(session_id)
  M.leave()
  open(session_id, function() end)
end

return M
