import type { PlanContext } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { excluding, failOn, type RipgrepEnd, ripgrep } from "../search/ripgrep.ts"
import type { Scope } from "../search/scope.ts"

export interface Listed {
  /** As a model would write them. */
  readonly paths: readonly string[]
  readonly end: RipgrepEnd
}

/** More files than this are for several calls. */
export const FILES_MAX = 2_000

/** The files below a scope that have one of these endings and hold the word; ignore files are honoured. */
export async function filesWith(
  word: string | undefined,
  extensions: readonly string[],
  scope: Scope,
  world: ToolWorld,
  context: PlanContext,
): Promise<Listed> {
  const paths: string[] = []
  const globs = scope.file === undefined ? extensions.map((extension) => `*.${extension}`) : []
  const what = word === undefined ? ["--files"] : ["--files-with-matches", "--fixed-strings", `--regexp=${word}`]
  const end = await ripgrep({
    args: [...what, "--null", "--sort=path", ...excluding(globs, scope, scope.unread), "--", scope.file ?? "./"],
    cwd: scope.folder,
    world,
    context,
    separator: "\0",
    onLine: (name) => {
      if (paths.length === FILES_MAX) return false
      paths.push(scope.prefix + name.replace(/^\.\//, ""))
      return true
    },
  })
  if (paths.length === 0) failOn(end, "Cannot look for files")
  return { paths, end }
}
