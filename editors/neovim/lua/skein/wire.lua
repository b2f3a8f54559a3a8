--- How is something said to skein, and heard from it? JSON-RPC 2.0, one message a line, with a process of `skein
--- serve`. Knows nothing of sessions, buffers or windows.
local text = require("skein.text")

local M = {}

--- Events that are taken before the server is told that it may send as many again.
local CREDIT = 32
--- What is kept of the process's stderr, in bytes: enough to say why it ended.
local STDERR_BYTES_MAX = 4096
--- A message that is longer is none of skein's: it is not waited for.
local LINE_BYTES_MAX = 64 * 1024 * 1024
--- How long a process may take to end after its input has, in milliseconds.
local END_MS_MAX = 5000

local Wire = {}
Wire.__index = Wire

local function decode(line)
  local is_json, message = pcall(vim.json.decode, line, { luanil = { object = true, array = true } })
  if is_json and type(message) == "table" then
    return message
  end
end

--- Starts a process and speaks with it.
--- options.command: its argv. options.cwd: the folder it runs in, absolute. options.env: variables beside Neovim's own.
--- options.on_event(event, subscription_id), options.on_ended(subscription_id, error or nil).
--- options.on_exit(code, why): the process is gone, and all that was asked has been answered with an error. `why` is
--- what it said on stderr, or why it was given up.
--- Returns nil and a sentence where the program cannot be started.
function M.start(options)
  local self = setmetatable({
    options = options,
    next_id = 0,
    waiting = {},
    tail = {},
    tail_bytes = 0,
    stderr = "",
    taken = {},
  }, Wire)
  local is_started, job = pcall(vim.fn.jobstart, options.command, {
    cwd = options.cwd,
    env = options.env,
    on_stdout = function(_, chunks)
      self:_read(chunks)
    end,
    on_stderr = function(_, chunks)
      self.stderr = (self.stderr .. table.concat(chunks, "\n")):sub(-STDERR_BYTES_MAX)
    end,
    on_exit = function(_, code)
      self:_exited(code)
    end,
  })
  if not is_started or job <= 0 then
    return nil, string.format("Cannot start %s: set `command` to where skein is.", options.command[1])
  end
  self.job = job
  return self
end

--- Asks, and calls done(error or nil, result). An error has `message`, and `code` where skein says one, as
--- `op.invalid`.
function Wire:request(method, params, done)
  if self.job == nil then
    return done({ code = "engine.closed", message = "skein is not running." })
  end
  self.next_id = self.next_id + 1
  self.waiting[self.next_id] = done
  self:_send({ jsonrpc = "2.0", id = self.next_id, method = method, params = params })
end

--- Says something that has no answer.
function Wire:notify(method, params)
  self:_send({ jsonrpc = "2.0", method = method, params = params })
end

--- Ends the conversation: the end of its input ends the process. One that goes on all the same is stopped.
function Wire:stop()
  if self.job ~= nil then
    pcall(vim.fn.chanclose, self.job, "stdin")
    vim.defer_fn(function()
      self:_kill()
    end, END_MS_MAX)
  end
end

--- Gives up on a process that is not as skein is. `why` is a sentence, and what `on_exit` is told.
function Wire:give_up(why)
  self.flaw = self.flaw or why
  self:_kill()
end

function Wire:_kill()
  if self.job ~= nil then
    pcall(vim.fn.jobstop, self.job)
  end
end

function Wire:_send(message)
  if self.job ~= nil then
    pcall(vim.fn.chansend, self.job, vim.json.encode(message) .. "\n")
  end
end

--- The first chunk goes on with the last line of what came before; all but the last chunk are whole.
function Wire:_read(chunks)
  for at, chunk in ipairs(chunks) do
    if at > 1 then
      local line = table.concat(self.tail)
      self.tail, self.tail_bytes = {}, 0
      self:_take_safely(line)
    end
    table.insert(self.tail, chunk)
    self.tail_bytes = self.tail_bytes + #chunk
  end
  if self.tail_bytes > LINE_BYTES_MAX then
    self.tail, self.tail_bytes = {}, 0
    self:give_up("The program of `command` is not skein. It sends a message without an end.")
  end
end

--- What goes wrong with one message is said, and the next one is taken all the same.
function Wire:_take_safely(line)
  if line == "" or self.flaw ~= nil then
    return
  end
  local is_taken, failure = pcall(self._take, self, line)
  if not is_taken then
    vim.notify("skein: the plugin failed at a message: " .. tostring(failure), vim.log.levels.ERROR)
  end
end

function Wire:_take(line)
  local message = decode(line)
  if message == nil then
    return self:give_up(string.format("The program of `command` is not skein. It said: %s", text.short(line, 80)))
  end
  if message.method == nil then
    local done = self.waiting[message.id]
    if done ~= nil then
      self.waiting[message.id] = nil
      local failure = message.error
      if failure ~= nil then
        local data = type(failure.data) == "table" and failure.data or {}
        done({ code = data.code, message = data.message or failure.message })
      else
        done(nil, message.result)
      end
    end
  elseif message.method == "event" then
    self:_credit(message.params.subscriptionId)
    self.options.on_event(message.params.event, message.params.subscriptionId)
  elseif message.method == "ended" then
    self.options.on_ended(message.params.subscriptionId, message.params.error)
  elseif message.id ~= nil then
    local refusal = { code = -32601, message = "Method not found" }
    self:_send({ jsonrpc = "2.0", id = message.id, error = refusal })
  end
end

function Wire:_credit(subscription_id)
  local taken = (self.taken[subscription_id] or 0) + 1
  if taken == CREDIT then
    self:notify("more", { subscriptionId = subscription_id, count = CREDIT })
    taken = 0
  end
  self.taken[subscription_id] = taken
end

function Wire:_exited(code)
  self.job = nil
  local waiting = self.waiting
  self.waiting = {}
  for _, done in pairs(waiting) do
    done({ code = "engine.closed", message = self.flaw or "skein ended before it answered." })
  end
  self.options.on_exit(code, self.flaw or vim.trim(self.stderr))
end

return M
