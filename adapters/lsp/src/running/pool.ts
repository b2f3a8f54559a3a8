import { type CodeQuery, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import type { CodeOptions, CodeSettings } from "../options.ts"
import { programAt, rootOf, runsOfProject } from "../servers/find.ts"
import type { ServerRow } from "../servers/row.ts"
import { type LanguageServer, languageServer } from "./server.ts"

/** The servers of this skein: one per language and root, and no more than are asked. */
export interface Pool {
  /** The server of a file, begun when there is none. Throws ToolFailure, saying what to do, when there can be none. */
  take(row: ServerRow, path: string, where: Where): Promise<Taken>
  readonly entries: readonly PoolEntry[]
  /** Files that servers were shown. */
  readonly shown: readonly string[]
  close(): Promise<void>
}

export interface Where {
  /** The session's folder that the file lies in. */
  readonly workspace: string
  readonly roots: readonly string[]
  readonly settings: CodeSettings
}

export interface Taken {
  readonly entry: PoolEntry
  /** Rejects with ToolFailure or SkeinError when it does not start. */
  readonly server: Promise<LanguageServer>
  readonly isReady: boolean
  /** One piece of work at a time: what is shown to a server must not change between a question and its answer. */
  work<T>(work: (server: LanguageServer) => Promise<T>): Promise<T>
}

/** The server of a file; undefined when nothing is to speak of it. Rejects with ToolFailure when what should is not here. */
export type ServerFor = (path: string, query: Pick<CodeQuery, "roots">) => Promise<Taken | undefined>

export interface PoolEntry {
  readonly name: string
  readonly root: string
  readonly languages: readonly string[]
  /** `absent`: it is not installed, or may not run here; looked for anew with each question. */
  readonly state: "starting" | "running" | "ended" | "absent" | "failed"
  readonly note?: string | undefined
  memoryBytes(): number | undefined
}

/** A machine has only so much memory: with more, the one that was asked the longest ago is ended. */
const SERVERS_MAX = 6
/** One that ends by itself so often within the time stays ended. */
const CRASHES_MAX = 3
const CRASHES_WITHIN_MS = 10 * 60_000
/** One that was ended for its size is begun once more. */
const OVERSIZED_MAX = 2
const WATCH_MS = 5_000
/** Whether one may run, and is there, is looked for so often at most: every edit asks. */
const ABSENT_MS = 10_000

interface Entry {
  readonly row: ServerRow
  readonly root: string
  readonly settings: CodeSettings
  state: PoolEntry["state"]
  note: string | undefined
  starting: Promise<LanguageServer> | undefined
  server: LanguageServer | undefined
  usedAt: number
  absentAt: number
  busy: number
  crashes: readonly number[]
  oversized: number
  turn: Promise<unknown>
}

export function pool(options: CodeOptions): Pool {
  const entries = new Map<string, Entry>()
  const stop = new AbortController()
  let watch: Timer | undefined

  async function take(row: ServerRow, path: string, where: Where): Promise<Taken> {
    const root = rootOf(path, where.workspace, row)
    const key = `${row.name}\0${root}`
    const entry = entries.get(key) ?? entryOf(row, root, where.settings)
    entries.set(key, entry)
    entry.usedAt = options.now()
    if (entry.state === "absent" && options.now() - entry.absentAt >= ABSENT_MS) entry.starting = undefined
    entry.starting ??= begin(entry, where)
    // Told to whoever waits for it; nobody has to.
    entry.starting.catch(() => {})
    return taken(entry, entry.starting)
  }

  function begin(entry: Entry, where: Where): Promise<LanguageServer> {
    stop.signal.throwIfAborted()
    if (entry.state === "failed") throw new ToolFailure(entry.note ?? "It failed.")
    entry.state = "starting"
    entry.note = undefined
    makeRoom(entry)
    const started = start(entry, where)
    started.then(
      (server) => attend(entry, server),
      (error: unknown) => fail(entry, error),
    )
    watch ??= setInterval(look, Math.min(WATCH_MS, entry.settings.idleMs)).unref()
    return started
  }

  async function start({ row, root }: Entry, where: Where): Promise<LanguageServer> {
    const isTrusted = await options.isTrusted(where.workspace)
    const confinement = await options.exec.confinement("read-only")
    if (confinement.kind === "none" && !isTrusted) throw unheld(row, where.workspace)
    const argv = argvOf(row, root, where.workspace, isTrusted, options.path)
    return await languageServer({ row, argv, root, roots: where.roots, processes: options.processes }, stop.signal)
  }

  function attend(entry: Entry, server: LanguageServer): void {
    if (stop.signal.aborted) return void server.kill()
    entry.server = server
    entry.state = "running"
    void server.exited.then(({ exitCode, signal }) => {
      if (entry.server !== server) return
      leave(entry)
      entry.note = `It ended by itself (${signal ?? `exit ${exitCode}`}).`
      if (hasCrashedOften(entry))
        giveUp(entry, `${entry.row.name} ended ${CRASHES_MAX} times by itself, and is left alone.`)
    })
  }

  function fail(entry: Entry, error: unknown): void {
    const { starting } = entry
    leave(entry)
    if (!(error instanceof ToolFailure || error instanceof SkeinError)) throw error
    entry.note = error.message
    if (error instanceof AbsentServer || error instanceof SkeinError) {
      entry.state = "absent"
      entry.absentAt = options.now()
      // Told again for a while, without looking again.
      entry.starting = starting
    } else if (hasCrashedOften(entry)) entry.state = "failed"
  }

  function hasCrashedOften(entry: Entry): boolean {
    const now = options.now()
    entry.crashes = [...entry.crashes.filter((at) => now - at < CRASHES_WITHIN_MS), now]
    return entry.crashes.length >= CRASHES_MAX
  }

  function leave(entry: Entry): void {
    entry.server = undefined
    entry.starting = undefined
    entry.state = "ended"
  }

  function giveUp(entry: Entry, sentence: string): void {
    entry.state = "failed"
    entry.note = sentence
    options.notify(`Language server: ${sentence}`)
  }

  async function endOne(entry: Entry): Promise<void> {
    const { server } = entry
    leave(entry)
    await server?.end()
  }

  async function killOne(entry: Entry): Promise<void> {
    const { server } = entry
    leave(entry)
    await server?.kill()
  }

  function makeRoom(newest: Entry): void {
    const others = [...entries.values()].filter((one) => one !== newest && one.server !== undefined && one.busy === 0)
    const oldest = others.toSorted((a, b) => a.usedAt - b.usedAt).slice(0, Math.max(0, others.length + 1 - SERVERS_MAX))
    for (const one of oldest) void endOne(one)
  }

  /** Ends who is not asked any more, and who grew too large. */
  function look(): void {
    for (const entry of entries.values()) {
      if (entry.server === undefined) continue
      const bytes = entry.server.memoryBytes()
      if (bytes !== undefined && bytes > entry.settings.memoryBytesMax) outgrown(entry, bytes)
      else if (entry.busy === 0 && options.now() - entry.usedAt >= entry.settings.idleMs) void endOne(entry)
    }
    if ([...entries.values()].every(({ server, state }) => server === undefined && state !== "starting")) {
      clearInterval(watch)
      watch = undefined
    }
  }

  function outgrown(entry: Entry, bytes: number): void {
    const { memoryBytesMax } = entry.settings
    const grown = `${entry.row.name} held ${megabytes(bytes)} MB, more than lsp.memory_mb = ${megabytes(memoryBytesMax)}, and was ended.`
    entry.oversized++
    void endOne(entry)
    entry.note = grown
    if (entry.oversized >= OVERSIZED_MAX) giveUp(entry, `${grown} It was begun anew before, and is left alone now.`)
    else options.notify(`Language server: ${grown} It is begun once more when it is asked.`)
  }

  function taken(entry: Entry, server: Promise<LanguageServer>): Taken {
    return {
      entry: shown(entry),
      server,
      isReady: entry.server !== undefined,
      async work(work) {
        entry.busy++
        const before = entry.turn
        const mine = (async () => {
          await Promise.allSettled([before])
          return await work(await server)
        })()
        entry.turn = mine
        try {
          return await mine
        } finally {
          entry.busy--
          entry.usedAt = options.now()
        }
      },
    }
  }

  return {
    take,
    get entries() {
      return [...entries.values()].map(shown)
    },
    get shown() {
      return [...entries.values()].flatMap(({ server }) => server?.shown ?? [])
    },
    async close() {
      stop.abort(new ToolFailure("skein is ending."))
      clearInterval(watch)
      const all = [...entries.values()]
      const begun = all.flatMap(({ starting, server }) =>
        server === undefined && starting !== undefined ? [starting] : [],
      )
      await Promise.allSettled([...begun, ...all.map(killOne)])
    },
  }
}

function entryOf(row: ServerRow, root: string, settings: CodeSettings): Entry {
  return {
    ...{ row, root, settings, state: "starting", note: undefined, starting: undefined, server: undefined },
    ...{ usedAt: 0, absentAt: 0, busy: 0, crashes: [], oversized: 0, turn: Promise.resolve() },
  }
}

function shown(entry: Entry): PoolEntry {
  return {
    name: entry.row.name,
    root: entry.root,
    languages: [...new Set(Object.values(entry.row.languages))],
    state: entry.state,
    note: entry.note,
    memoryBytes: () => entry.server?.memoryBytes(),
  }
}

/** There is none, or it may not run; says what to do. */
export class AbsentServer extends ToolFailure {}

/** Nobody is asked before a server starts, so something else must hold what a stranger's files make it do. */
function unheld({ name }: ServerRow, workspace: string): AbsentServer {
  return new AbsentServer(
    `Nothing would confine the language server ${name} here, and nobody said that ${workspace} is trusted: skein trust accept.`,
  )
}

/** How it is started here. Throws AbsentServer. */
function argvOf(
  row: ServerRow,
  root: string,
  workspace: string,
  isTrusted: boolean,
  path: string | undefined,
): readonly string[] {
  if (!isTrusted && runsOfProject(row, root)) {
    throw new AbsentServer(
      `The language server ${row.name} runs code of the project, and nobody said that ${workspace} is trusted: skein trust accept.`,
    )
  }
  for (const [program = "", ...args] of row.commands) {
    const found = programAt(program, { path, workspace, root, isTrusted })
    if (found !== undefined) return [found, ...args]
  }
  const names = row.commands.map(([program = ""]) => program).join(", ")
  throw new AbsentServer(
    `No language server for ${row.name} is here (looked for ${names}). To get one: ${row.install}.`,
  )
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000)
}
