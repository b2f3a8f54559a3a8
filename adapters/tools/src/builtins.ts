import { finder, librarian, oracle } from "./agents/advisors.ts"
import { agent } from "./agents/agent.ts"
import { orchestrate } from "./agents/orchestrate.ts"
import { parallelTasks } from "./agents/parallel-tasks.ts"
import { pipeline } from "./agents/pipeline.ts"
import { share } from "./agents/share.ts"
import { task } from "./agents/task.ts"
import { worktree } from "./agents/worktree.ts"
import { bash } from "./bash.ts"
import { batch } from "./batch.ts"
import type { AnyTool } from "./define.ts"
import { edit } from "./edit.ts"
import { multiedit } from "./multiedit.ts"
import { read } from "./read.ts"
import { glob } from "./search/glob.ts"
import { grep } from "./search/grep.ts"
import { list } from "./search/list.ts"
import { tree } from "./search/tree.ts"
import { plan } from "./session/plan.ts"
import { sessions } from "./session/sessions.ts"
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
]

/** What is left of them where room is short: reading, searching, changing and running. */
export const ESSENTIAL: ReadonlySet<string> = new Set(["read", "write", "edit", "glob", "grep", "bash"])
