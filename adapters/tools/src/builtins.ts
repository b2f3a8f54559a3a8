import { bugLocalize } from "./asking/bug-localize.ts"
import { codeReview } from "./asking/code-review.ts"
import { refactor } from "./asking/refactor.ts"
import { testgen } from "./asking/testgen.ts"
import { bash } from "./bash.ts"
import type { AnyTool } from "./define.ts"
import { edit } from "./edit.ts"
import { multiedit } from "./multiedit.ts"
import { read } from "./read.ts"
import { glob } from "./search/glob.ts"
import { grep } from "./search/grep.ts"
import { list } from "./search/list.ts"
import { tree } from "./search/tree.ts"
import { plan } from "./session/plan.ts"
import { planEnter, planExit } from "./session/plan-mode.ts"
import { question } from "./session/question.ts"
import { sessions } from "./session/sessions.ts"
import { todoRead } from "./session/todo-read.ts"
import { todoWrite } from "./session/todo-write.ts"
import { undo } from "./session/undo.ts"
import { write } from "./write.ts"

/** In the order the model sees them: part of the cached prefix. */
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
  todoRead,
  planEnter,
  planExit,
  question,
  codeReview,
  testgen,
  bugLocalize,
  refactor,
]

/** What is left of them where room is short: reading, searching, changing and running. */
export const ESSENTIAL: ReadonlySet<string> = new Set(["read", "write", "edit", "glob", "grep", "bash"])
