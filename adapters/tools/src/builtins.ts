import { advancedEdit } from "./advanced-edit.ts"
import { finder, librarian, oracle } from "./agents/advisors.ts"
import { agent } from "./agents/agent.ts"
import { orchestrate } from "./agents/orchestrate.ts"
import { parallelTasks } from "./agents/parallel-tasks.ts"
import { pipeline } from "./agents/pipeline.ts"
import { share } from "./agents/share.ts"
import { task } from "./agents/task.ts"
import { worktree } from "./agents/worktree.ts"
import { applyPatch } from "./apply-patch.ts"
import { bugLocalize } from "./asking/bug-localize.ts"
import { codeReview } from "./asking/code-review.ts"
import { refactor } from "./asking/refactor.ts"
import { testgen } from "./asking/testgen.ts"
import { bash } from "./bash.ts"
import { batch } from "./batch.ts"
import { editorTerminal } from "./client/editor-terminal.ts"
import { diagnostics } from "./code/diagnostics.ts"
import { lsp } from "./code/lsp.ts"
import { confirmEdit, confirmMultiedit } from "./confirm/confirm-edit.ts"
import type { AnyTool } from "./define.ts"
import { mermaid } from "./diagram/mermaid.ts"
import { edit } from "./edit.ts"
import { diff } from "./look/diff.ts"
import { fileInfo } from "./look/file-info.ts"
import { headTail } from "./look/head-tail.ts"
import { lookAt } from "./look-at.ts"
import { multiedit } from "./multiedit.ts"
import { notebookEdit } from "./notebook/notebook-edit.ts"
import { codeGraph } from "./outline/code-graph.ts"
import { repoMap } from "./outline/repo-map.ts"
import { symbols } from "./outline/symbols.ts"
import { read } from "./read.ts"
import { monitor } from "./running/monitor.ts"
import { process } from "./running/process.ts"
import { glob } from "./search/glob.ts"
import { grep } from "./search/grep.ts"
import { list } from "./search/list.ts"
import { tree } from "./search/tree.ts"
import { plan } from "./session/plan.ts"
import { planEnter, planExit } from "./session/plan-mode.ts"
import { question } from "./session/question.ts"
import { redo } from "./session/redo.ts"
import { sessions } from "./session/sessions.ts"
import { skill } from "./session/skill.ts"
import { todoRead } from "./session/todo-read.ts"
import { todoWrite } from "./session/todo-write.ts"
import { undo } from "./session/undo.ts"
import { browser } from "./web/browser.ts"
import { httpRequest } from "./web/http-request.ts"
import { webfetch } from "./web/webfetch.ts"
import { websearch } from "./web/websearch.ts"
import { write } from "./write.ts"

/**
 * In the order the model sees them: part of the cached prefix. Loaded with the first call of a tool that is told of by a
 * summary; until then `rows.ts` stands for those, and the others are in `at-hand.ts` as well.
 */
export const BUILTINS: readonly AnyTool[] = [
  read,
  write,
  edit,
  multiedit,
  glob,
  grep,
  list,
  tree,
  bash,
  todoWrite,
  plan,
  undo,
  sessions,
  skill,
  applyPatch,
  repoMap,
  symbols,
  codeGraph,
  todoRead,
  planEnter,
  planExit,
  question,
  task,
  parallelTasks,
  orchestrate,
  pipeline,
  oracle,
  finder,
  librarian,
  agent,
  worktree,
  share,
  batch,
  process,
  monitor,
  editorTerminal,
  diff,
  fileInfo,
  headTail,
  redo,
  confirmEdit,
  confirmMultiedit,
  advancedEdit,
  diagnostics,
  lsp,
  webfetch,
  websearch,
  httpRequest,
  browser,
  lookAt,
  codeReview,
  testgen,
  bugLocalize,
  refactor,
  mermaid,
  notebookEdit,
]
