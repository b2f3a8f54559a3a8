import { lazy } from "@skein/protocol"
import type { TerminalFacts } from "@skein/term"
import type { Machine } from "./machine.ts"
import type { NoteWay } from "./notices.ts"
import type { Env, Programs } from "./programs.ts"
import type { SystemPort } from "./system.ts"

/** The machine that the screen is on. */
export interface SystemOptions {
  readonly env: Env
  /** The folder it was started in, absolute, and the person's home. */
  readonly cwd: string
  readonly home: string
  /** Where what is soon gone may be put, absolute. */
  readonly temporary: string
  /** As Node calls it: `linux`, `darwin`, `win32`. */
  readonly platform: string
  /** Bytes for the terminal that show nothing: the clipboard, a note, the bell. */
  readonly say: (sequence: string) => void
  /** A sentence for the person, said once however often it would be. */
  readonly tell: (sentence: string) => void
  /** What the terminal said of itself; what the environment says when not given. */
  readonly facts?: (() => TerminalFacts | undefined) | undefined
  /** Asked anew each time: settings change while the screen is open. */
  readonly settings: () => SystemSettings
  /** Where the product's own ripgrep is; that of PATH when not given. */
  readonly ripgrep?: (() => Promise<string | undefined>) | undefined
  /** The machine's own when not given. */
  readonly programs?: Programs | undefined
}

/** What the person set of it. */
export interface SystemSettings {
  /** Undefined: as the terminal takes it best. */
  readonly notifyBy?: readonly NoteWay[] | undefined
  readonly statusCommand?: string | undefined
  /** Paths and globs that are offered though ignore rules hide them. */
  readonly includedPaths: readonly string[]
}

/** The machine that skein runs on. Costs nothing until something of it is used: each part is loaded then. */
export function systemPort(options: SystemOptions): SystemPort {
  const machine = lazy(async () => machineOf(options))
  const refreshed = lazy(async () => (await import("./refreshed.ts")).Refreshed)
  const statusLines = lazy(async () => new (await refreshed())<string | undefined>(STATUS_EVERY_MS))
  const listings = perFolder(async () => new (await refreshed())<readonly string[]>(FILES_EVERY_MS))
  const branches = perFolder(async () => new (await refreshed())<string | undefined>(BRANCH_EVERY_MS))
  return {
    copy: async (text) => (await import("./clipboard/copy.ts")).copy(text, await machine()),
    paste: async () => (await import("./clipboard/paste.ts")).paste(await machine()),
    edit: async (text) => (await import("./editor.ts")).edit(text, await machine()),
    async notify(title, body) {
      const { notify } = await import("./notices.ts")
      await notify({ title, body }, options.settings().notifyBy, await machine())
    },
    async visit(target) {
      await (await import("./visit.ts")).visit(target, await machine())
    },
    async files(cwd) {
      const listing = { included: options.settings().includedPaths, ripgrep: options.ripgrep }
      const { workspaceFiles } = await import("./files/list.ts")
      const on = await machine()
      return (await listings(cwd)).ask(() => workspaceFiles(cwd, listing, on))
    },
    async status(facts) {
      const command = options.settings().statusCommand
      if (command === undefined) return undefined
      const { statusLine } = await import("./status-command.ts")
      const on = await machine()
      return (await statusLines()).ask(() => statusLine(command, facts, on))
    },
    async branch(cwd) {
      const { branchLine } = await import("./git/branch.ts")
      const on = await machine()
      return (await branches(cwd)).ask(() => branchLine(cwd, on))
    },
    readText: async (path) => (await import("./texts.ts")).readText(path),
    readImage: async (path) => (await import("./images.ts")).readImage(path, await machine()),
  }
}

const STATUS_EVERY_MS = 1_000
const FILES_EVERY_MS = 3_000
const BRANCH_EVERY_MS = 2_000

async function machineOf(options: SystemOptions): Promise<Machine> {
  const { env, cwd, home, temporary, platform, say } = options
  const told = new Set<string>()
  const tell = (sentence: string) => {
    if (told.has(sentence)) return
    told.add(sentence)
    options.tell(sentence)
  }
  const { terminalFacts } = await import("@skein/term")
  const facts = () => options.facts?.() ?? terminalFacts([], env)
  const programs = options.programs ?? (await import("./programs.ts")).machinePrograms(env)
  return { env, cwd, home, temporary, platform, say, tell, facts, programs }
}

function perFolder<T>(make: () => Promise<T>): (folder: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (folder) => {
    const value = known.get(folder) ?? make()
    known.set(folder, value)
    return value
  }
}
