--- Does the editor show what is on the disk? Reloads what skein changed, and never loses what a person typed.
local context = require("skein.context")

local M = {}

--- The loaded buffers of a file, whatever links their names go through.
function M.buffers_of(path)
  return vim.tbl_filter(function(buffer)
    return vim.api.nvim_buf_is_loaded(buffer) and context.path_of(buffer) == path
  end, vim.api.nvim_list_bufs())
end

--- Reads a file again that changed on the disk. A buffer with unsaved changes stays as it is, and that is said.
function M.reload(path)
  for _, buffer in ipairs(M.buffers_of(path)) do
    if vim.bo[buffer].modified then
      local name = vim.fn.fnamemodify(path, ":~:.")
      local said = "skein: %s changed on the disk, and you have unsaved changes. :w! keeps yours, :e! takes the file's."
      vim.notify(said:format(name), vim.log.levels.WARN)
    else
      local autoread = vim.bo[buffer].autoread
      vim.bo[buffer].autoread = true
      vim.cmd("silent! checktime " .. buffer)
      vim.bo[buffer].autoread = autoread
    end
  end
end

--- Saves the unsaved buffers of the folder.
function M.write_all(cwd)
  for _, each in ipairs(context.unsaved(cwd)) do
    vim.api.nvim_buf_call(each.buffer, function()
      vim.cmd("silent update")
    end)
  end
end

return M
