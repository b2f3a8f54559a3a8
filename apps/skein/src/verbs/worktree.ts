import type { Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { confirmed } from "../session/confirm.ts"
import { withHost } from "../session/host.ts"
import { makeCall, sessionForCall } from "../session/own-call.ts"
import { age, counted } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import { oneLine, visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"
import { UNATTENDED } from "./print.ts"

type Worktree = Awaited<ReturnType<Host["worktrees"]["find"]>>

/** `skein worktree list`: all of this machine. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, words, io }, host }) => {
    if (words.length > 0)
      throw new UsageError(`worktree takes list, diff, merge or remove, not ${JSON.stringify(words[0])}.`)
    const all = await host.worktrees.list()
    if (flags.has("json")) {
      io.out(jsonPage(all))
      return 0
    }
    const rows = all.map((one) => [
      one.id,
      one.agent,
      stateOf(one),
      age(one.createdAt, io.now()),
      one.repository,
      one.description,
    ])
    const columns = [
      ...[{ head: "id" }, { head: "agent" }, { head: "state" }, { head: "made" }, { head: "of" }],
      { head: "for", isFlexible: true },
    ]
    if (rows.length === 0) io.err("note    There are no worktrees. An agent gets one when it is called with isolation.")
    else for (const line of table(columns, rows, await io.columns())) io.out(line)
    return 0
  })

function stateOf({ isMerged, isOwned }: Worktree): string {
  if (isMerged) return "merged"
  return isOwned ? "in use" : "left behind"
}

/** `skein worktree diff <id>`. */
export const diff: Run = (call) =>
  withWorktree(call, async ({ flags, io }, host, worktree) => {
    const found = await host.worktrees.difference(worktree)
    if (flags.has("json")) io.out(jsonPage({ worktree, ...found }))
    else if (found.files.length === 0) io.err(`Nothing was changed in ${worktree.id}.`)
    else io.out(visible(found.diff.replace(/\n$/, "")))
    return 0
  })

/** `skein worktree merge <id>`: as a call of a session, so that it is recorded and can be undone. */
export const merge: Run = (call) =>
  withWorktree(call, async (asking, host, worktree) => {
    const { io, flags } = asking
    const onConflict = conflictWord(flags.text("on-conflict"))
    const plan = await host.worktrees.planMerge(worktree, onConflict)
    for (const { path, why } of plan.conflicts) io.err(`conflict ${oneLine(path)}: ${oneLine(why)}`)
    if (plan.files.length === 0) {
      if (plan.conflicts.length === 0) io.err(`Nothing is left to merge of ${worktree.id}.`)
      else io.err("Nothing was merged. --on-conflict skip leaves those files out, mark writes both versions.")
      return plan.conflicts.length === 0 ? 0 : 1
    }
    const question = `Merge ${counted(plan.files.length, "file")} into ${worktree.repository}?`
    if (!flags.has("yes")) {
      for (const file of plan.files) io.out(visible(file.diff.replace(/\n$/, "")))
      if (!(await confirmed(io, question))) {
        io.err("skein: nothing was merged")
        return 1
      }
    }
    const sessionId = await sessionForCall(host, worktree.repository)
    const input = { action: "merge", id: worktree.id, onConflict }
    const code = await makeCall({ sessionId, name: "worktree", input, isApprovingAll: true }, io, host)
    if (code === 0) io.err(`note    skein undo --session ${sessionId} takes it back.`)
    return code
  })

function conflictWord(word = "refuse"): "refuse" | "skip" | "mark" {
  return word === "skip" || word === "mark" ? word : "refuse"
}

/** `skein worktree remove <id>`. */
export const remove: Run = (call) =>
  withWorktree(call, async ({ io, flags }, host, worktree) => {
    if (worktree.isOwned && !flags.has("yes")) {
      if (!(await confirmed(io, `The skein that made ${worktree.id} still runs. Remove it all the same?`))) return 1
    }
    const { deed } = await host.worktrees.remove(worktree)
    io.out(flags.has("json") ? jsonPage({ worktree, deed }) : `Removed ${worktree.id}: ${oneLine(deed)}.`)
    return 0
  })

function withWorktree(
  call: VerbCall,
  use: (call: VerbCall, host: Host, worktree: Worktree) => Promise<number>,
): Promise<number> {
  const [name, ...more] = call.words
  if (name === undefined || more.length > 0) throw new UsageError("Name one worktree. skein worktree list names all.")
  return withHost(
    call,
    async ({ call: asking, host }) => await use(asking, host, await host.worktrees.find(name)),
    UNATTENDED,
  )
}
