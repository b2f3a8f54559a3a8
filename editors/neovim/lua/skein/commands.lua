--- What does a line of the composer ask for? A prompt, `/name args`, or `!command`. What a command means, skein says.
local M = {}

local carry_out

--- Asks skein what the command stands for, and does it. `ui.open(session_id)` goes on in another session.
local function resolve(session, name, args, ui)
  local query = { type = "command.resolve", sessionId = session.id, name = name, args = args }
  session:ask(query, function(reason, reply)
    if reason ~= nil then
      return session:note("error", reason.message)
    end
    carry_out(session, reply, ui)
  end)
end

--- Submits the ops one after the other; the first refusal is said, and ends it.
local function submit_all(session, ops, at, done, ui)
  local op = ops[at]
  if op == nil then
    if done ~= nil then
      session:note("info", done)
    end
    return
  end
  session:submit(op, function(reason, receipt)
    if reason ~= nil then
      return session:note("error", reason.message)
    end
    if receipt.sessionId ~= session.id then
      return ui.open(receipt.sessionId)
    end
    submit_all(session, ops, at + 1, done, ui)
  end)
end

local REPLIES = {}

function REPLIES.ops(session, reply, ui)
  if reply.confirm == nil then
    return submit_all(session, reply.ops, 1, reply.done, ui)
  end
  vim.ui.select({ "Yes", "No" }, { prompt = reply.confirm }, function(choice)
    if choice == "Yes" then
      submit_all(session, reply.ops, 1, reply.done, ui)
    else
      session:note("info", "Nothing was done.")
    end
  end)
end

function REPLIES.show(session, reply)
  session:note("info", reply.text)
end

REPLIES.usage = REPLIES.show

function REPLIES.choose(session, reply, ui)
  local options = {
    prompt = reply.title,
    format_item = function(choice)
      return choice.detail == "" and choice.label or string.format("%s  (%s)", choice.label, choice.detail)
    end,
  }
  vim.ui.select(reply.choices, options, function(choice)
    if choice ~= nil then
      local name, args = choice.command:match("^(%S+)%s*(.*)$")
      resolve(session, name, args, ui)
    end
  end)
end

function REPLIES.open(_, reply, ui)
  ui.open(reply.sessionId)
end

function carry_out(session, reply, ui)
  REPLIES[reply.kind](session, reply, ui)
end

local function is_known(commands, name)
  for _, command in ipairs(commands or {}) do
    if command.blocker == nil and (command.name == name or vim.tbl_contains(command.aliases, name)) then
      return true
    end
  end
  return false
end

--- Does what a line asks for. What is no command that skein knows is a prompt: say(line) sends it.
function M.run(session, line, ui, say)
  local mark, command = line:match("^(!!?)%s*(.*%S)")
  if mark ~= nil then
    return session:submit({ type = "shell.run", command = command, isPrivate = mark == "!!" or nil })
  end
  local name, args = line:match("^/(%a[%w_:.-]*)%s*(.-)%s*$")
  if name == nil then
    return say(line)
  end
  session:ask({ type = "commands.list", sessionId = session.id }, function(_, commands)
    if is_known(commands, name) then
      resolve(session, name, args, ui)
    else
      say(line)
    end
  end)
end

return M
