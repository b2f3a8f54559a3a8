import { bash } from "./bash.ts"
import type { AnyTool } from "./define.ts"
import { mermaid } from "./diagram/mermaid.ts"
import { edit } from "./edit.ts"
import { lookAt } from "./look-at.ts"
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
import { browser } from "./web/browser.ts"
import { httpRequest } from "./web/http-request.ts"
import { webfetch } from "./web/webfetch.ts"
import { websearch } from "./web/websearch.ts"
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
  webfetch,
  websearch,
  httpRequest,
  browser,
  lookAt,
  mermaid,
]

/** What is left of them where room is short: reading, searching, changing and running. */
export const ESSENTIAL: ReadonlySet<string> = new Set(["read", "write", "edit", "glob", "grep", "bash"])
