import { existsSync } from "node:fs"
import type { RunningEngine } from "@skein/core"
import type { Happening, HookOutcome, HooksPort, Worktree, WorktreeRequest } from "@skein/core/ports"
import type { Mode, SessionId } from "@skein/protocol"

/** What hooks hear of what happens beside the turns. */
export interface Happenings {
  /** Why no worktree is to be made there, in a sentence. */
  objection(path: string, request: WorktreeRequest): Promise<string | undefined>
  removed(worktree: Worktree, by: SessionId | undefined): Promise<void>
}

export interface HappeningsOptions {
  readonly engine: Pick<RunningEngine, "happened">
  readonly hooks: HooksPort
  readonly settingsFor: (path: string) => { readonly mode: Mode; readonly model: string }
  readonly newId: (prefix: "ses") => SessionId
  /** Tells the person. */
  readonly warn: (sentence: string) => void
}

/** In the session that it is about, on its record; what belongs to none, as a verb's, is told to hooks all the same. */
export function happeningsOf(options: HappeningsOptions): Happenings {
  return {
    async objection(path, { cwd, sessionId, signal }) {
      const outcome = await happened({ event: "WorktreeCreate", path }, { cwd, by: sessionId, signal }, options)
      const reason = outcome?.block?.reason ?? outcome?.stop?.reason
      return reason === undefined ? undefined : `No worktree was made, because a hook says so: ${reason}`
    },
    async removed({ path, repository }, by) {
      // What took away the repository, too, has no hooks any more.
      if (!existsSync(repository)) return
      await happened({ event: "WorktreeRemove", path }, { cwd: repository, by }, options)
    },
  }
}

interface Where {
  /** Absolute. */
  readonly cwd: string
  readonly by: SessionId | undefined
  readonly signal?: AbortSignal
}

async function happened(
  what: Happening,
  { cwd, by, signal = new AbortController().signal }: Where,
  { engine, hooks, settingsFor, newId, warn }: HappeningsOptions,
): Promise<HookOutcome | undefined> {
  const known = by === undefined ? undefined : await engine.happened(by, what, signal)
  if (known !== undefined || by !== undefined) return known
  const here = await hooks.at({ cwd })
  if (!here.has(what.event)) return undefined
  const { mode, model } = settingsFor(cwd)
  const outcome = await here.run({ ...what, cwd, mode, model, sessionId: newId("ses") }, signal)
  for (const { hook, file, outcome: ended, message } of outcome.ran)
    if (ended === "failed" || ended === "timed_out")
      warn(
        `The hook ${hook} of ${file} at ${what.event} ${ended === "failed" ? "failed" : "took too long"}. ${message ?? ""}`.trim(),
      )
  for (const message of outcome.messages) warn(message)
  return outcome
}
