--- Where is the conversation shown, and where is it typed? A window for the transcript, and a composer below it.
local draw = require("skein.draw")

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace("skein-chat")

local EMPTY = "  Ask about the code, or say what to do. :'<,'>Skein takes chosen lines along."

local Chat = {}
Chat.__index = Chat

--- A buffer that no file stands behind.
local function scratch(name, filetype)
  local buffer = vim.api.nvim_create_buf(false, true)
  pcall(vim.api.nvim_buf_set_name, buffer, name)
  vim.bo[buffer].buftype = "nofile"
  vim.bo[buffer].bufhidden = "hide"
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].filetype = filetype
  return buffer
end

--- options.width, options.composer_height. options.blocks(): what is shown. options.send(text, delivery,
--- failed), which calls failed() where the text went nowhere. options.stop().
function M.new(options)
  local self = setmetatable({ options = options, starts = {}, is_due = false }, Chat)
  self.buffer = scratch("skein://chat", "skein")
  self.composer = scratch("skein://composer", "skein-composer")
  vim.bo[self.buffer].modifiable = false
  self:_keys()
  self:clear()
  return self
end

function Chat:_keys()
  local function send(delivery)
    return function()
      local said = table.concat(vim.api.nvim_buf_get_lines(self.composer, 0, -1, false), "\n")
      if vim.trim(said) ~= "" then
        vim.api.nvim_buf_set_lines(self.composer, 0, -1, false, {})
        self.options.send(vim.trim(said), delivery, function()
          self:_give_back(said)
        end)
      end
    end
  end
  local function map(buffer, modes, key, act, what)
    vim.keymap.set(modes, key, act, { buffer = buffer, desc = "skein: " .. what, nowait = true })
  end
  map(self.composer, "n", "<CR>", send("steer"), "send")
  map(self.composer, { "n", "i" }, "<C-s>", send("steer"), "send")
  map(self.composer, { "n", "i" }, "<M-CR>", send("queue"), "send after the running turn")
  for _, buffer in ipairs({ self.buffer, self.composer }) do
    map(buffer, "n", "<C-c>", self.options.stop, "stop the turn")
    map(buffer, "n", "q", function()
      self:hide()
    end, "close the chat")
  end
end

local function window_of(buffer)
  local window = vim.fn.bufwinid(buffer)
  return window ~= -1 and window or nil
end

--- What could not be sent stands in the composer again, above what was typed since.
function Chat:_give_back(said)
  if vim.api.nvim_buf_is_valid(self.composer) then
    local typed = table.concat(vim.api.nvim_buf_get_lines(self.composer, 0, -1, false), "\n")
    local text = vim.trim(typed) == "" and said or said .. "\n" .. typed
    vim.api.nvim_buf_set_lines(self.composer, 0, -1, false, vim.split(text, "\n", { plain = true }))
  end
end

--- Its buffers are there: a person may have wiped them.
function Chat:is_whole()
  return vim.api.nvim_buf_is_loaded(self.buffer) and vim.api.nvim_buf_is_loaded(self.composer)
end

function Chat:is_shown()
  return window_of(self.buffer) ~= nil
end

local function dress(window, statusline)
  for name, value in pairs({
    wrap = true,
    linebreak = true,
    breakindent = true,
    number = false,
    relativenumber = false,
    signcolumn = "no",
    foldcolumn = "0",
    list = false,
    spell = false,
    cursorline = false,
    fillchars = "eob: ",
    winfixwidth = true,
    statusline = statusline,
  }) do
    vim.wo[window][name] = value
  end
end

--- Shows it at the right, and goes into the composer when `enters`.
function Chat:show(enters)
  local before = vim.api.nvim_get_current_win()
  if not self:is_shown() then
    vim.cmd("botright vsplit")
    local window = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(window, self.buffer)
    vim.api.nvim_win_set_width(window, self.options.width)
    dress(window, " skein%=%{v:lua.require'skein'.status()} ")
    vim.cmd("belowright split")
    local below = vim.api.nvim_get_current_win()
    vim.api.nvim_win_set_buf(below, self.composer)
    vim.api.nvim_win_set_height(below, self.options.composer_height)
    dress(below, " enter sends · alt+enter after the turn · ctrl+c stops · q closes ")
    vim.wo[below].winfixheight = true
    self:_follow()
  end
  vim.api.nvim_set_current_win(enters and window_of(self.composer) or before)
end

function Chat:hide()
  for _, buffer in ipairs({ self.composer, self.buffer }) do
    local window = window_of(buffer)
    if window ~= nil then
      pcall(vim.api.nvim_win_close, window, true)
    end
  end
end

--- The blocks are others from this one on. Drawn once however many events come together.
function Chat:changed(at)
  self.dirty = math.min(self.dirty or at, at)
  if not self.is_due then
    self.is_due = true
    vim.schedule(function()
      self:draw()
    end)
  end
end

--- Another session: nothing drawn before is of it.
function Chat:clear()
  self.starts = {}
  self:changed(1)
end

function Chat:draw()
  self.is_due = false
  local from = self.dirty
  self.dirty = nil
  if from == nil or not vim.api.nvim_buf_is_valid(self.buffer) then
    return
  end
  local blocks = self.options.blocks()
  local first = self.starts[from] or 0
  local lines, marks = {}, {}
  for at = from, #blocks do
    self.starts[at] = first + #lines
    local painted = draw.block(blocks[at], blocks[at - 1])
    for _, mark in ipairs(painted.marks) do
      table.insert(marks, { first + #lines + mark.line - 1, mark.from, mark.to, mark.group })
    end
    vim.list_extend(lines, painted.lines)
  end
  self.starts[#blocks + 1] = first + #lines
  if #blocks == 0 then
    lines, marks = { EMPTY }, { { 0, 0, -1, "SkeinDim" } }
  end
  local is_at_end = self:_is_at_end()
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, first, -1, false, lines)
  vim.bo[self.buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, first, -1)
  for _, mark in ipairs(marks) do
    -- With an end of its own: one at the line's end reaches into the next line, and goes when that is drawn anew.
    local last = mark[3] >= 0 and mark[3] or #lines[mark[1] - first + 1]
    vim.api.nvim_buf_add_highlight(self.buffer, NAMESPACE, mark[4], mark[1], mark[2], last)
  end
  if is_at_end then
    self:_follow()
  end
end

--- A reader who went up to read is left where they are.
function Chat:_is_at_end()
  local window = window_of(self.buffer)
  if window == nil then
    return false
  end
  return vim.fn.line("w$", window) >= vim.api.nvim_buf_line_count(self.buffer)
end

function Chat:_follow()
  local window = window_of(self.buffer)
  if window ~= nil then
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(self.buffer), 0 })
    vim.api.nvim_win_call(window, function()
      vim.cmd("normal! zb")
    end)
  end
end

return M
