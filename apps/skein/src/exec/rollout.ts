import { existsSync } from "node:fs"
import { join } from "node:path"
import { isUuid } from "@skein/codex"
import { configFiles } from "@skein/config"
import type { Host } from "@skein/host"
import { type SessionId, SkeinError } from "@skein/protocol"
import { asText, parseObject } from "@skein/protocol/json"
import type { Io } from "../io.ts"
import { codexHome } from "./codex-file.ts"

/** A thread of Codex's own, gone on with as a session of ours. */
export interface CodexThread {
  readonly sessionId: SessionId
  /** Whether the session was made just now: then it has no settings of its own yet. */
  readonly isNew: boolean
}

/**
 * The session made of a thread that Codex wrote, by the thread's id or the name it was given there; made now where it is not, or
 * where Codex has gone on with it since. The rollout itself is never written. Undefined where there is no such thread.
 * Throws SkeinError `import.unreadable`.
 */
export async function codexThread(host: Host, io: Io, name: string): Promise<CodexThread | undefined> {
  const home = codexHome(io)
  const id = isUuid(name) ? name.toLowerCase() : idNamed(home, name)
  if (id === undefined) return undefined
  const file = rolloutOf(home, id)
  if (file === undefined) return made(host, id)
  const foreign = await host.foreign()
  const found = (await foreign.detect(file)).find((one) => one.format === "codex")
  if (found === undefined) return made(host, id)
  const done = await foreign.import(found)
  if (done.kind === "unchanged") return { sessionId: done.sessionId, isNew: false }
  const { malformed, tooLong, isTorn } = done.report
  const broken = malformed.count + tooLong.count + (isTorn ? 1 : 0)
  if (broken > 0)
    io.err(`note    ${broken} ${broken === 1 ? "line" : "lines"} of ${file} could not be read and stayed out.`)
  if (done.earlier !== undefined) {
    io.err(`note    Codex has gone on with this thread: what skein made of it earlier stays, as ${done.earlier}.`)
  }
  return { sessionId: done.sessionId, isNew: true }
}

/** One that was made when its rollout was still there. */
async function made(host: Host, id: string): Promise<CodexThread | undefined> {
  const sessionId: SessionId = `ses_codex-${id}`
  try {
    await host.engine.ask({ type: "session.read", sessionId })
    return { sessionId, isNew: false }
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") return undefined
    throw error
  }
}

/** Its file: the id is the end of the name, and the folders above are the day it began. */
function rolloutOf(home: string, id: string): string | undefined {
  for (const [folder, pattern] of [
    ["sessions", `*/*/*/rollout-*-${id}.jsonl`],
    ["archived_sessions", `rollout-*-${id}.jsonl`],
  ] as const) {
    const cwd = join(home, folder)
    if (!existsSync(cwd)) continue
    for (const path of new Bun.Glob(pattern).scanSync({ cwd, absolute: true, followSymlinks: false })) return path
  }
  return undefined
}

/** What Codex's index says that is called so: the last line of a thread holds, and of several threads the newest. */
function idNamed(home: string, name: string): string | undefined {
  const text = configFiles().read(join(home, "session_index.jsonl"))
  const names = new Map<string, { readonly name: string | undefined; readonly at: string }>()
  for (const line of (text ?? "").split("\n")) {
    const row = parseObject(line)
    const id = asText(row?.id)
    if (id !== undefined) names.set(id, { name: asText(row?.thread_name), at: asText(row?.updated_at) ?? "" })
  }
  const meant = [...names].filter(([id, row]) => row.name === name && isUuid(id))
  return meant.sort(([, a], [, b]) => b.at.localeCompare(a.at))[0]?.[0]
}
