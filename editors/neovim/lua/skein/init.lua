--- What can a person do with skein from Neovim? One session at a time; everything else of the plugin does one thing of
--- it.
local commands = require("skein.commands")
local config = require("skein.config")
local context = require("skein.context")
local desk = require("skein.desk")
local engine = require("skein.engine")
local files = require("skein.files")
local review = require("skein.review")
local sessions = require("skein.sessions")
local status = require("skein.status")

local M = {}

local state = desk.state

local function build()
  desk.build({ say = M.say, interrupt = M.interrupt })
end

--- Takes the person's options; see |skein-options|.
function M.setup(options)
  config.set(options)
  for key, action in pairs(config.values.keys or {}) do
    vim.keymap.set({ "n", "x" }, key, action, { desc = "skein" })
  end
end

--- Sends what a person wrote. options.range: { first, last } lines of the file they look at. options.delivery: `steer`
--- when left out, or `queue`. options.failed(): it went nowhere, because no session could be opened.
function M.say(said, options)
  options = options or {}
  local buffer = desk.file_buffer()
  build()
  desk.with_session(function(session)
    commands.run(session, said, { open = desk.switch }, function(line)
      if config.values.unsaved == "write" then
        files.write_all(session.cwd)
      end
      local parts = context.parts(line, {
        buffer = buffer,
        range = options.range,
        cwd = session.cwd,
        diagnostics = config.values.diagnostics,
      })
      session:say(parts, options.delivery or "steer", function(reason)
        if reason ~= nil then
          session:note("error", reason.message)
        end
      end)
    end)
  end, options.failed)
end

--- Shows the chat; enters its composer unless told otherwise.
function M.chat(options)
  local buffer = desk.file_buffer()
  state.file_buffer = buffer or state.file_buffer
  build()
  state.chat:show(options == nil or options.enters ~= false)
  desk.with_session(function() end)
end

function M.toggle()
  if state.chat ~= nil and state.chat:is_shown() then
    state.chat:hide()
  else
    M.chat()
  end
end

--- Stops the running turn; what was done stays.
function M.interrupt()
  if state.session ~= nil then
    state.session:interrupt()
  end
end

--- Goes to the question that is open.
function M.approve()
  if state.approval == nil or not state.approval:focus() then
    vim.notify("skein: nothing is asked.", vim.log.levels.INFO)
  end
end

--- Shows what the session changed, hunk by hunk.
function M.review()
  if state.session == nil then
    return desk.fail("There is no session yet.")
  end
  return review.open(state.session, { on_reverted = files.reload })
end

--- Goes on with a session of the folder: the one that is named, or one that the person picks.
function M.resume(session_id)
  build()
  if session_id ~= nil and session_id ~= "" then
    return desk.switch(session_id)
  end
  local place = { command = config.values.command, cwd = desk.folder(), connect = engine.connect }
  sessions.pick(place, function(reason, picked)
    if reason ~= nil then
      return desk.fail(reason.message)
    end
    if picked ~= nil then
      desk.switch(picked)
    end
  end)
end

--- Leaves the session, and begins another.
function M.new()
  build()
  desk.switch(nil)
end

--- Lets go of the session and of its process. It can be gone on with.
function M.stop()
  desk.leave()
end

--- A text for a statusline: empty without a session.
function M.status()
  return status.text(state.session)
end

--- The session that is open, or nil: for scripts.
function M.session()
  return state.session
end

--- The window that the person is in shows a file.
function M.is_in_file()
  return context.path_of(vim.api.nvim_get_current_buf()) ~= nil
end

--- Keeps in mind which file the person looks at; called when a buffer is entered.
function M.entered(buffer)
  if context.path_of(buffer) ~= nil then
    state.file_buffer = buffer
  end
end

return M
