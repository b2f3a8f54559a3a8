import { jsonPage } from "@skein/protocol"
import { withHost } from "../session/host.ts"
import { oneLine } from "../tell/visible.ts"
import type { Run } from "../verb.ts"

/** `skein cleanup`: worktrees that nobody owns any more. No change is lost: what was not merged stays on its branch. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, io }, host }) => {
    const isDryRun = flags.has("dry-run")
    const removed = await host.worktrees.cleanUp({ isDryRun, isThorough: true })
    if (flags.has("json")) {
      io.out(jsonPage(removed))
      return 0
    }
    if (removed.length === 0) io.err("note    Nothing is left behind.")
    const verb = isDryRun ? "would remove" : "removed"
    for (const { worktree, deed } of removed)
      io.out(`${verb}  ${worktree.id}  ${oneLine(worktree.repository)}  ${worktree.agent}: ${oneLine(deed)}`)
    return 0
  })
