--- May this be done? Shows the first open question in a floating window, and takes the answer, hunk by hunk.
local question_view = require("skein.question_view")

local M = {}

local NAMESPACE = vim.api.nvim_create_namespace("skein-approval")

local Approval = {}
Approval.__index = Approval

--- options.reading_ms: a yes that comes this soon was typed for something else.
--- options.answer(question, answer, done): see `Session:answer`.
function M.new(options)
  return setmetatable({ options = options }, Approval)
end

--- Shows a question; the one that is shown stays as it is. nil: none is open any more. The window is gone into from
--- normal mode alone: whoever types is not interrupted, and `:SkeinApprove` goes there.
function Approval:show(question, title)
  if question == nil then
    return self:hide()
  end
  if self.question ~= nil and self.question.approvalId == question.approvalId and self:_is_open() then
    return
  end
  self:hide()
  self.question, self.title, self.is_chosen = question, title, {}
  for at = 1, question.hunksCount or 0 do
    self.is_chosen[at] = true
  end
  self:_open(vim.api.nvim_get_mode().mode == "n")
  self.shown_at = vim.loop.now()
end

--- Goes into the window, and opens it again when it was put off.
function Approval:focus()
  if self.question == nil then
    return false
  end
  if not self:_is_open() then
    self:_open(true)
    self.shown_at = vim.loop.now()
  end
  vim.api.nvim_set_current_win(self.window)
  return true
end

function Approval:_is_open()
  return self.window ~= nil and vim.api.nvim_win_is_valid(self.window)
end

--- Puts it off: the question stays open.
function Approval:close()
  if self:_is_open() then
    vim.api.nvim_win_close(self.window, true)
  end
  self.window = nil
end

function Approval:hide()
  self:close()
  self.question = nil
end

function Approval:_open(enters)
  self.buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[self.buffer].bufhidden = "wipe"
  vim.bo[self.buffer].filetype = "skein-approval"
  local width = math.max(20, math.min(100, vim.o.columns - 6))
  self.view = question_view.of(self.question, self.title, self.is_chosen)
  local height = math.max(3, math.min(#self.view.lines, vim.o.lines - 6))
  self.window = vim.api.nvim_open_win(self.buffer, enters, {
    relative = "editor",
    style = "minimal",
    border = "single",
    width = width,
    height = height,
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 1),
    col = math.max(0, math.floor((vim.o.columns - width) / 2)),
  })
  vim.wo[self.window].wrap = true
  vim.wo[self.window].breakindent = true
  vim.wo[self.window].breakindentopt = "shift:2"
  -- As the text beside it: what schemes make of a menu is not made to be read.
  vim.wo[self.window].winhighlight = "NormalFloat:Normal,FloatBorder:SkeinDim"
  self:_keys()
  self:_draw()
  local first = self.view.can_choose and self.view.hunks[1] or nil
  vim.api.nvim_win_set_cursor(self.window, { first ~= nil and first.first or 1, 0 })
end

function Approval:_draw()
  self.view = question_view.of(self.question, self.title, self.is_chosen)
  vim.bo[self.buffer].modifiable = true
  vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, self.view.lines)
  vim.bo[self.buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(self.buffer, NAMESPACE, 0, -1)
  for _, mark in ipairs(self.view.marks) do
    vim.api.nvim_buf_add_highlight(self.buffer, NAMESPACE, mark.group, mark.line - 1, 0, -1)
  end
end

function Approval:_keys()
  local function map(key, act)
    vim.keymap.set("n", key, act, { buffer = self.buffer, nowait = true })
  end
  local function allow(answer)
    return function()
      self:_allow(answer)
    end
  end
  map("y", allow({ answer = "allow_once" }))
  for key, scope in pairs({ s = "session", p = "project", u = "user" }) do
    map(key, allow({ answer = "allow_always", scope = scope }))
  end
  map("t", allow({ answer = "preview" }))
  map("n", function()
    self:_answer({ answer = "reject_once" })
  end)
  map("f", function()
    self:_refuse_with_words()
  end)
  map("<Space>", function()
    self:_toggle()
  end)
  map("a", function()
    self:_toggle_all()
  end)
  map("]h", function()
    self:_jump(1)
  end)
  map("[h", function()
    self:_jump(-1)
  end)
  for _, key in ipairs({ "q", "<Esc>" }) do
    map(key, function()
      self:close()
    end)
  end
end

--- The hunk that the cursor is in, or undefined where it is in none.
function Approval:_hunk()
  local line = vim.api.nvim_win_get_cursor(self.window)[1]
  for at, hunk in ipairs(self.view.hunks) do
    if line >= hunk.first and line <= hunk.last then
      return at
    end
  end
end

function Approval:_toggle()
  local at = self:_hunk()
  if self.view.can_choose and at ~= nil then
    self.is_chosen[at] = not self.is_chosen[at]
    self:_draw()
    self:_jump(1)
  end
end

function Approval:_toggle_all()
  local is_any_left = not vim.deep_equal(self:_chosen(), self:_all())
  for at in ipairs(self.is_chosen) do
    self.is_chosen[at] = is_any_left
  end
  self:_draw()
end

function Approval:_jump(by)
  local hunk = self.view.hunks[(self:_hunk() or 0) + by]
  if hunk ~= nil then
    vim.api.nvim_win_set_cursor(self.window, { hunk.first, 0 })
  end
end

function Approval:_all()
  local all = {}
  for at = 1, self.question.hunksCount or 0 do
    table.insert(all, at)
  end
  return all
end

function Approval:_chosen()
  return vim.tbl_filter(function(at)
    return self.is_chosen[at]
  end, self:_all())
end

function Approval:_allow(answer)
  if vim.loop.now() - self.shown_at < self.options.reading_ms then
    return
  end
  if not vim.tbl_contains(self.question.options, answer.answer) then
    return
  end
  if self.view.can_choose then
    local chosen = self:_chosen()
    if #chosen == 0 then
      return vim.notify("skein: no hunk is chosen. Press n to refuse all of it.", vim.log.levels.WARN)
    end
    if #chosen < self.question.hunksCount then
      if answer.answer ~= "allow_once" then
        return vim.notify("skein: some hunks alone can be allowed once, with y.", vim.log.levels.WARN)
      end
      answer.hunks = chosen
    end
  end
  self:_answer(answer)
end

function Approval:_refuse_with_words()
  local question = self.question
  vim.ui.input({ prompt = "What instead? " }, function(words)
    if words ~= nil and self.question == question then
      self:_answer({ answer = "reject_once", feedback = words ~= "" and words or nil })
    end
  end)
end

--- The window goes when the engine says that the question is answered; a refused answer leaves it open, and says why.
function Approval:_answer(answer)
  self.options.answer(self.question, answer, function(reason)
    if reason ~= nil then
      vim.notify("skein: " .. reason.message, vim.log.levels.ERROR)
    end
  end)
end

return M
