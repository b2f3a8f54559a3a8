import { task } from "./agents/task.ts"
import { bash } from "./bash.ts"
import type { AnyTool } from "./define.ts"
import { edit } from "./edit.ts"
import { multiedit } from "./multiedit.ts"
import { read } from "./read.ts"
import { glob } from "./search/glob.ts"
import { grep } from "./search/grep.ts"
import { list } from "./search/list.ts"
import { plan } from "./session/plan.ts"
import { question } from "./session/question.ts"
import { todoWrite } from "./session/todo-write.ts"
import { webfetch } from "./web/webfetch.ts"
import { write } from "./write.ts"

/** The built-in tools that a request tells of in full. They are loaded with the program, all others when one is called. */
export const AT_HAND: readonly AnyTool[] = [
  read,
  write,
  edit,
  multiedit,
  glob,
  grep,
  list,
  bash,
  todoWrite,
  plan,
  question,
  task,
  webfetch,
]

/** What is left where room is short: reading, searching, changing and running. */
export const ESSENTIAL: ReadonlySet<string> = new Set(["read", "write", "edit", "glob", "grep", "bash"])
