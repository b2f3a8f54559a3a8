--- How is something said to skein, and heard from it? JSON-RPC 2.0, one message a line, with a process of `skein
--- serve`. Knows nothing of sessions, buffers or windows.
local M = {}

--- Events that are taken before the server is told that it may send as many again.
local CREDIT = 32
--- What is kept of the process's stderr, in bytes: enough to say why it ended.
local STDERR_BYTES_MAX = 4096

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
--- options.on_exit(code, stderr): the process is gone, and all that was asked has been answered with an error.
--- Returns nil and a sentence where the program cannot be started.
function M.start(options)
  local self = setmetatable({
    options = options,
    next_id = 0,
    waiting = {},
    tail = "",
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

--- Ends the conversation: the end of its input ends the process.
function Wire:stop()
  if self.job ~= nil then
    pcall(vim.fn.chanclose, self.job, "stdin")
  end
end

function Wire:_send(message)
  if self.job ~= nil then
    pcall(vim.fn.chansend, self.job, vim.json.encode(message) .. "\n")
  end
end

--- The first chunk goes on with the last line of what came before; all but the last chunk are whole.
function Wire:_read(chunks)
  self.tail = self.tail .. chunks[1]
  for at = 2, #chunks do
    local line = self.tail
    self.tail = chunks[at]
    if line ~= "" then
      self:_take(line)
    end
  end
end

function Wire:_take(line)
  local message = decode(line)
  if message == nil then
    return
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
    done({ code = "engine.closed", message = "skein ended before it answered." })
  end
  self.options.on_exit(code, vim.trim(self.stderr))
end

return M
