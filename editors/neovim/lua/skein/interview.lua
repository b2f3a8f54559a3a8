--- What does the model want to know of the person? Asks one question after the other with `vim.ui`.
local M = {}

local OWN_WORDS = "In your own words …"

local function ask_words(question, done)
  vim.ui.input({ prompt = question.question .. " " }, function(words)
    if words == nil or vim.trim(words) == "" then
      return done(nil)
    end
    done({ chosen = {}, text = words })
  end)
end

--- Chooses one option after the other until the person says that it is enough.
local function ask_options(question, chosen, done)
  local rows = {}
  for _, option in ipairs(question.options) do
    if not vim.tbl_contains(chosen, option.label) then
      table.insert(rows, { label = option.label, detail = option.description })
    end
  end
  if question.isMultiple and #chosen > 0 then
    table.insert(rows, 1, { label = "That is all", is_end = true })
  elseif question.isFree and #chosen == 0 then
    table.insert(rows, { label = OWN_WORDS, is_own = true })
  end
  local options = {
    prompt = question.question,
    format_item = function(row)
      return row.detail ~= nil and string.format("%s  (%s)", row.label, row.detail) or row.label
    end,
  }
  vim.ui.select(rows, options, function(row)
    if row == nil then
      return done(nil)
    elseif row.is_end then
      return done({ chosen = chosen })
    elseif row.is_own then
      return ask_words(question, done)
    end
    table.insert(chosen, row.label)
    local is_over = not question.isMultiple or #chosen == #question.options
    if is_over then
      return done({ chosen = chosen })
    end
    ask_options(question, chosen, done)
  end)
end

--- Asks all of them, and calls done(answers), or done(nil) when the person gave none.
function M.ask(questions, done)
  local answers = {}
  local function next_one()
    local question = questions[#answers + 1]
    if question == nil then
      return done(answers)
    end
    local function take(answer)
      if answer == nil then
        return done(nil)
      end
      table.insert(answers, answer)
      next_one()
    end
    if #question.options == 0 then
      ask_words(question, take)
    else
      ask_options(question, {}, take)
    end
  end
  next_one()
end

return M
