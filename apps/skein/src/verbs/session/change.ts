import { accepted } from "@skein/protocol"
import { sessionNamed } from "../../session/find.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { turnNamed } from "../../session/turns.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { changed, labelsOf, visibilityOf } from "./new.ts"

export const rename: Run = (call) => withHost(call, renameSession)
export const label: Run = (call) => withHost(call, labelSession)
export const visibility: Run = (call) => withHost(call, changeVisibility)
export const archive: Run = (call) => withHost(call, (at) => archiveSessions(at, true))
export const unarchive: Run = (call) => withHost(call, (at) => archiveSessions(at, false))

/** `skein session rename <id> <title>`. */
export async function renameSession({ call: { words, rest, io }, engine }: Asking): Promise<number> {
  const [name, ...said] = [...words, ...rest]
  const title = said.join(" ").trim()
  if (name === undefined || title === "")
    throw new UsageError("Give the session and its new title: rename <id> <title>.")
  const sessionId = await sessionNamed(engine, name)
  await changed(engine, sessionId, { title })
  io.out(`Renamed session ${sessionId}.`)
  return 0
}

/**
 * `skein session label <id> <labels…>` puts these in the place of the session's labels; an empty one takes them away, none
 * at all shows them. With `--turn` it names a place of its tree.
 */
export async function labelSession({ call: { words, rest, flags, io }, engine }: Asking): Promise<number> {
  const [name, ...said] = [...words, ...rest]
  if (name === undefined) throw new UsageError("Give the session and its labels: label <id> <label> …")
  const sessionId = await sessionNamed(engine, name)
  const turn = flags.text("turn")
  if (turn === undefined && said.length === 0) {
    const { labels = [] } = await engine.ask({ type: "session.read", sessionId })
    for (const text of labels) io.out(oneLine(text))
    return 0
  }
  if (turn === undefined) {
    const labels = labelsOf(said)
    await changed(engine, sessionId, { labels })
    io.out(
      labels.length === 0
        ? `Session ${sessionId} has no labels.`
        : `Labelled session ${sessionId}: ${labels.join(", ")}.`,
    )
    return 0
  }
  const { turnId, number } = turnNamed(await engine.ask({ type: "session.tree", sessionId }), turn)
  const text = said.join(" ").trim()
  await accepted(engine, { type: "turn.label", sessionId, turnId, label: text })
  io.out(text === "" ? `Turn ${number} has no label.` : `Labelled turn ${number}: ${text}.`)
  return 0
}

/** `skein session visibility <id> <who>`: kept with the session; nothing is published by it. */
export async function changeVisibility({ call: { words, io }, engine }: Asking): Promise<number> {
  const [name, word] = words
  if (name === undefined || word === undefined) {
    throw new UsageError("Give the session and who may see it: visibility <id> private.")
  }
  const chosen = visibilityOf(word)
  const sessionId = await sessionNamed(engine, name)
  if (chosen !== undefined) await changed(engine, sessionId, { visibility: chosen })
  io.out(`Session ${sessionId} is ${chosen}; it stays on this machine until it is shared.`)
  return 0
}

/** Several at once. The first that is not there ends it, before any is changed. */
export async function archiveSessions({ call: { words, io }, engine }: Asking, isArchived: boolean): Promise<number> {
  if (words.length === 0) throw new UsageError("Which session? Give its id or title; several may be given.")
  for (const sessionId of await Promise.all(words.map((name) => sessionNamed(engine, name)))) {
    await changed(engine, sessionId, { isArchived })
    io.out(`${isArchived ? "Archived" : "Unarchived"} session ${sessionId}.`)
  }
  return 0
}
