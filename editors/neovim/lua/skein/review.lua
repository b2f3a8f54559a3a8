--- What did the session change in files? All hunks of it in a window, each of which can be taken back.
local diff = require("skein.diff")
local text = require("skein.text")

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace("skein-review")

--- Asks for the changes since the session's first turn: done(error or nil, files), a file is { path, diff, sha256 }.
local function changed_files(session, done)
  session:ask({ type = "checkpoints.list", sessionId = session.id }, function(reason, turns)
    local first = turns ~= nil and turns[#turns] or nil
    if reason ~= nil or first == nil then
      return done(reason, {})
    end
    local to = { kind = "before", turnId = first.turnId }
    session:ask({ type = "checkpoint.diff", sessionId = session.id, to = to }, done)
  end)
end

local Review = {}
Review.__index = Review

local function push(self, line, group)
  table.insert(self.lines, line)
  if group ~= nil then
    table.insert(self.marks, { line = #self.lines, group = group })
  end
end

function Review:_fill(files)
  self.lines, self.marks, self.hunks = {}, {}, {}
  push(self, " u takes the hunk back · enter goes to it · ]h [h next, previous · r reads again · q closes", "SkeinDim")
  for _, file in ipairs(files) do
    local hunks = diff.hunks(file.diff, file.path)
    push(self, "")
    local name = text.visible(text.path(file.path, self.session.cwd))
    push(self, string.format(" %s   %s", name, diff.size(hunks)), "SkeinName")
    if #hunks == 0 then
      for _, line in ipairs(text.lines(vim.trim(file.diff))) do
        push(self, "   " .. line, "SkeinDim")
      end
    end
    for _, hunk in ipairs(hunks) do
      local first = #self.lines + 1
      push(self, "   " .. hunk.header, "SkeinDim")
      for _, line in ipairs(hunk.lines) do
        local sign = line:sub(1, 1)
        local group = sign == "+" and "SkeinAdded" or sign == "-" and "SkeinRemoved" or nil
        push(self, "   " .. text.visible(line), group)
      end
      table.insert(self.hunks, { first = first, last = #self.lines, hunk = hunk, sha256 = file.sha256 })
    end
  end
  if #files == 0 then
    push(self, "")
    push(self, " This session changed no file.")
  end
end

function Review:_draw()
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, self.lines)
  vim.bo[self.buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
  for _, mark in ipairs(self.marks) do
    vim.api.nvim_buf_add_highlight(self.buffer, NAMESPACE, mark.group, mark.line - 1, 0, -1)
  end
end

--- Reads what there is now, draws it, and calls done() then.
function Review:refresh(done)
  changed_files(self.session, function(reason, files)
    if reason ~= nil then
      return vim.notify("skein: " .. reason.message, vim.log.levels.ERROR)
    end
    if vim.api.nvim_buf_is_valid(self.buffer) then
      self:_fill(files)
      self:_draw()
    end
    if done ~= nil then
      done()
    end
  end)
end

function Review:_at_cursor()
  local line = vim.api.nvim_win_get_cursor(0)[1]
  for at, place in ipairs(self.hunks) do
    if line >= place.first and line <= place.last then
      return at, place
    end
  end
end

function Review:_jump(by)
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local found
  for _, place in ipairs(self.hunks) do
    if by > 0 and place.first > line then
      found = found or place
    elseif by < 0 and place.first < line then
      found = place
    end
  end
  if found ~= nil then
    vim.api.nvim_win_set_cursor(0, { found.first, 0 })
  end
end

function Review:_go_to()
  local _, place = self:_at_cursor()
  if place ~= nil then
    -- No command is made of a name: a newline in it would end the command and begin another.
    local buffer = vim.fn.bufadd(place.hunk.path)
    vim.bo[buffer].buflisted = true
    vim.api.nvim_set_current_buf(buffer)
    pcall(vim.api.nvim_win_set_cursor, 0, { math.max(1, place.hunk.new_start), 0 })
  end
end

--- Lines of somebody else go only on a yes.
function Review:_take_back(on_conflict)
  local at, place = self:_at_cursor()
  if place == nil or place.sha256 == nil then
    return vim.notify("skein: there is no hunk here that can be taken back.", vim.log.levels.WARN)
  end
  local op = { type = "files.revert", path = place.hunk.path, sha256 = place.sha256, onConflict = on_conflict }
  op.hunk = diff.revert_of(place.hunk)
  self.session:submit(op, function(reason)
    if reason ~= nil and reason.code == "checkpoint.foreign" and on_conflict == nil then
      local prompt = "Somebody else changed this file too. Take the hunk back?"
      return vim.ui.select({ "No", "Yes" }, { prompt = prompt }, function(choice)
        if choice == "Yes" then
          self:_take_back("overwrite")
        end
      end)
    end
    if reason ~= nil then
      vim.notify("skein: " .. reason.message, vim.log.levels.ERROR)
    else
      self.on_reverted(place.hunk.path)
    end
    self:refresh(function()
      local next_one = self.hunks[at] or self.hunks[#self.hunks]
      local window = vim.fn.bufwinid(self.buffer)
      if next_one ~= nil and window ~= -1 then
        vim.api.nvim_win_set_cursor(window, { next_one.first, 0 })
      end
    end)
  end)
end

function Review:_keys()
  local function map(key, act)
    vim.keymap.set("n", key, act, { buffer = self.buffer, nowait = true })
  end
  map("u", function()
    self:_take_back()
  end)
  map("<CR>", function()
    self:_go_to()
  end)
  map("r", function()
    self:refresh()
  end)
  map("]h", function()
    self:_jump(1)
  end)
  map("[h", function()
    self:_jump(-1)
  end)
  map("q", "<Cmd>close<CR>")
end

--- Opens the review in a tab of its own. options.on_reverted(path): a file is another on the disk.
--- options.on_shown(): it is drawn.
function M.open(session, options)
  local self = setmetatable({ session = session, on_reverted = options.on_reverted, hunks = {} }, Review)
  vim.cmd("tabnew")
  self.buffer = vim.api.nvim_get_current_buf()
  vim.bo[self.buffer].buftype = "nofile"
  vim.bo[self.buffer].bufhidden = "wipe"
  vim.bo[self.buffer].swapfile = false
  vim.bo[self.buffer].filetype = "skein-review"
  vim.wo.breakindent = true
  vim.wo.breakindentopt = "shift:2"
  pcall(vim.api.nvim_buf_set_name, self.buffer, "skein://review")
  self:_keys()
  self:refresh(function()
    if self.hunks[1] ~= nil then
      vim.api.nvim_win_set_cursor(vim.fn.bufwinid(self.buffer), { self.hunks[1].first, 0 })
    end
    if options.on_shown ~= nil then
      options.on_shown()
    end
  end)
  return self
end

return M
