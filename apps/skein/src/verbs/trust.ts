import type { Host } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { confirmed } from "../session/confirm.ts"
import { withHost } from "../session/host.ts"
import { path } from "../session/request.ts"
import { itemLines } from "../session/trust.ts"
import { oneLine } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"

/** `skein trust status`: whether the folder is trusted, and what nobody has decided about. */
export const run: Run = (call) =>
  withFolder(call, async ({ trust }, folder) => {
    const { flags, io } = call
    const found = await trust.trustOf(folder)
    if (flags.has("json")) {
      io.out(jsonPage(found))
      return 0
    }
    const { state, decision, decidedAt, items, changed } = found
    io.out(`${state.padEnd(9)} ${oneLine(found.folder)}`)
    if (decidedAt !== undefined)
      io.out(`${decision} on ${new Date(decidedAt).toISOString().slice(0, 16).replace("T", " ")}`)
    io.out(
      items.length === 0
        ? "Nothing in it could make something run."
        : `${items.length} of its items could make something run: skein trust items`,
    )
    if (changed.length > 0) io.out("Not decided about:")
    for (const item of changed) for (const line of itemLines(item)) io.out(line)
    return 0
  })

export const items: Run = (call) =>
  withFolder(call, async ({ trust }, folder) => {
    const { flags, io } = call
    const found = await trust.trustOf(folder)
    if (flags.has("json")) io.out(jsonPage(found.items))
    else if (found.items.length === 0) io.err("note    Nothing in it could make something run.")
    else for (const item of found.items) for (const line of itemLines(item)) io.out(line)
    return 0
  })

export const list: Run = (call) =>
  withHost(call, async ({ host }) => {
    const { flags, io } = call
    const all = [...host.trust.all()].map(([folder, { decision, at, items }]) => ({
      folder,
      decision,
      at,
      items: items.length,
    }))
    if (flags.has("json")) io.out(jsonPage(all))
    else if (all.length === 0) io.err("note    Nothing was decided about any folder.")
    else
      for (const { folder, decision, at, items } of all)
        io.out(
          `${decision.padEnd(8)} ${new Date(at).toISOString().slice(0, 10)}  ${String(items).padStart(4)} items  ${oneLine(folder)}`,
        )
    return 0
  })

export const accept: Run = (call) =>
  withFolder(call, async ({ trust }, path) => {
    const { flags, io } = call
    const { folder, items } = await trust.trustOf(path)
    if (!flags.has("json")) for (const item of items) for (const line of itemLines(item)) io.out(line)
    const question = `Trust ${folder} with exactly these ${items.length} items?`
    if (items.length > 0 && !flags.has("yes") && !(await confirmed(io, question))) {
      io.err("skein: nothing was decided")
      return 1
    }
    await trust.decide(folder, items, "trusted")
    told(
      call,
      { folder, decision: "trusted", items: items.length },
      `Trusted ${folder}. What changes is asked about again.`,
    )
    return 0
  })

export const refuse: Run = (call) =>
  withFolder(call, async ({ trust }, path) => {
    const { folder, items } = await trust.trustOf(path)
    await trust.decide(folder, items, "refused")
    const said = `Refused ${folder}: nothing of it is gone by, its instruction files neither.`
    told(call, { folder, decision: "refused", items: items.length }, said)
    return 0
  })

export const revoke: Run = (call) =>
  withFolder(call, async ({ trust }, folder) => {
    const isRevoked = await trust.revoke(folder)
    if (!isRevoked) {
      call.io.err(`skein: nothing was decided about ${folder}; see skein trust list`)
      return 1
    }
    told(call, { folder, decision: null }, `Forgotten: ${folder} is asked about again.`)
    return 0
  })

function withFolder(call: VerbCall, use: (host: Host, folder: string) => Promise<number>): Promise<number> {
  const [named, ...more] = call.words
  if (more.length > 0) throw new UsageError(`One folder at a time, not ${JSON.stringify(more[0])} as well.`)
  return withHost(call, ({ host, cwd }) => use(host, named === undefined ? cwd : path(named, cwd)))
}

function told({ flags, io }: VerbCall, facts: object, sentence: string): void {
  io.out(flags.has("json") ? jsonPage(facts) : oneLine(sentence))
}
