--- What is the session like now, and how is it asked for something? One session over one wire; no buffer, no window.
local engine = require("skein.engine")
local transcript = require("skein.transcript")

local M = {}

local CLIENT_ID = "cli_neovim"

local Session = {}
Session.__index = Session

--- Starts skein and opens a session in it, then calls done(error or nil, session). options.command, options.cwd: see
--- `engine.connect`. options.settings: of a new session. options.session_id: one to go on with. options.answers: what
--- the engine may ask this client for, `approval`, `question`, `fs`. options.on_change(at): the transcript is another
--- from this block on. options.on_event(event): each one as it comes, after the past was told.
--- options.on_begun(session): it is there, and its events come next. options.on_asked(): the first open question is
--- another. options.on_exit(message).
function M.open(options, done)
  local self = setmetatable({
    options = options,
    transcript = transcript.new(),
    pending = {},
    queue = {},
    settings = {},
    is_running = false,
    is_live = false,
    cwd = options.cwd,
  }, Session)
  engine.connect({
    command = options.command,
    cwd = options.cwd,
    on_event = function(event)
      self:_take(event)
    end,
    on_ended = function(_, reason)
      self:_over(reason and reason.message)
    end,
    on_exit = function(code, stderr)
      self:_exited(code, stderr)
    end,
  }, function(refused, channel)
    if refused ~= nil then
      self.is_closed = true
      return done(refused)
    end
    self.wire = channel
    options.on_begun(self)
    self:_begin(function(reason)
      if reason ~= nil then
        self:close()
        return done(reason)
      end
      self.is_ready = true
      done(nil, self)
    end)
  end)
end

function Session:_begin(done)
  if self.options.session_id ~= nil then
    self.id = self.options.session_id
    return self:_follow(done)
  end
  local op = { type = "session.create", cwd = self.cwd, isInteractive = true, settings = self.options.settings }
  self:_submit(op, function(reason, receipt)
    if reason ~= nil then
      return done(reason)
    end
    self.id = receipt.sessionId
    self:_follow(done)
  end)
end

--- All of it from its first event, and this client as one that answers.
function Session:_follow(done)
  local subscription = { sessionId = self.id, from = 1 }
  self.wire:request("subscribe", { subscription = subscription }, function(reason)
    if reason ~= nil then
      return done(reason)
    end
    local offer = { type = "client.attach", clientId = CLIENT_ID, answers = self.options.answers }
    self:submit(offer, done)
  end)
end

function Session:_submit(op, done)
  self.wire:request("submit", { op = op }, function(reason, receipt)
    if reason == nil and receipt.status == "rejected" then
      reason = { code = receipt.code, message = receipt.message }
    end
    done(reason, receipt)
  end)
end

--- Asks for a change of this session, and calls done(error or nil, receipt).
function Session:submit(op, done)
  self:_submit(vim.tbl_extend("keep", op, { sessionId = self.id }), done or function(reason)
    if reason ~= nil then
      self:note("error", reason.message)
    end
  end)
end

--- Reads, and calls done(error or nil, answer).
function Session:ask(query, done)
  self.wire:request("ask", { query = query }, function(reason, result)
    done(reason, result and result.answer)
  end)
end

--- Says something to the model: into the running turn, or as the next one. `delivery` is `steer` or `queue`.
function Session:say(parts, delivery, done)
  local input = vim.tbl_map(function(said)
    return { type = "text", text = said }
  end, parts)
  self:submit({ type = "turn.submit", input = input, delivery = delivery }, done)
end

function Session:interrupt()
  self:submit({ type = "turn.interrupt" })
end

--- Answers the question; `answer` holds the op's fields beside its id. It leaves the list when the engine says so.
function Session:answer(question, answer, done)
  local op = { type = "approval.answer", approvalId = question.approvalId }
  self:submit(vim.tbl_extend("error", op, answer), done)
end

--- Answers a `client.requested`: with a result, or with an error in words.
function Session:reply(request, result, failure)
  local op = { type = "client.answer", clientId = CLIENT_ID, requestId = request.requestId }
  op.result, op.error = result, failure
  self:submit(op)
end

--- A line of the plugin's own in the transcript.
function Session:note(level, said)
  self.options.on_change(self.transcript:note(level, said))
end

--- Lets go of the session; what runs is stopped. It can be gone on with.
function Session:close()
  self.is_closed = true
  self.wire:stop()
end

local TAKES = {}

TAKES["session.created"] = function(self, event)
  self.cwd = event.workspace.path
  self.settings = event.settings
end

TAKES["session.changed"] = function(self, event)
  self.title = event.title or self.title
  self.cwd = event.workspace ~= nil and event.workspace.path or self.cwd
end

TAKES["settings.changed"] = function(self, event)
  self.settings = vim.tbl_extend("force", self.settings, event.changes)
end

TAKES["turn.started"] = function(self, event)
  self.is_running, self.turn_id = true, event.turnId
end

TAKES["turn.ended"] = function(self)
  self.is_running, self.turn_id = false, nil
end

TAKES["usage.updated"] = function(self, event)
  self.context_tokens, self.context_tokens_max = event.contextTokens, event.contextTokensMax
end

TAKES["queue.changed"] = function(self, event)
  self.queue = event.queue
end

TAKES["approval.requested"] = function(self, event)
  table.insert(self.pending, event)
  return #self.pending == 1
end

TAKES["approval.resolved"] = function(self, event)
  local first = self.pending[1]
  self.pending = vim.tbl_filter(function(each)
    return each.approvalId ~= event.approvalId
  end, self.pending)
  return first ~= self.pending[1]
end

--- The past is over: what is still open is asked now.
TAKES["session.snapshot"] = function(self)
  self.is_live = true
  return #self.pending > 0
end

function Session:_take(event)
  -- The person has left it: what still comes is shown nowhere.
  if self.is_closed then
    return
  end
  local taken = TAKES[event.type]
  local is_another = taken ~= nil and taken(self, event)
  local at = self.transcript:take(event)
  if at ~= nil then
    self.options.on_change(at)
  end
  if self.is_live then
    if is_another then
      self.options.on_asked()
    end
    if event.type ~= "client.requested" or event.clientId == CLIENT_ID then
      self.options.on_event(event)
    end
  end
end

--- The subscription ended, and with it what is known: nothing here is true any more.
function Session:_over(message)
  if not self.is_closed then
    self.is_closed = true
    self.wire:stop()
    self.options.on_exit(message or "The session was closed.")
  end
end

function Session:_exited(code, stderr)
  self.is_running = false
  if not self.is_closed then
    self.is_closed = true
    local said = stderr ~= "" and stderr or string.format("It said nothing of why (code %d).", code)
    self.options.on_exit("skein ended. " .. said)
  end
end

return M
