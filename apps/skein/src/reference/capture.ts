import {
  closeSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { basename, join, relative } from "node:path"
import type { Host } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { readHelp } from "./help-text.ts"
import { type CommandPage, type Reference, sha256Of } from "./record.ts"

export interface Capture {
  readonly host: Pick<Host, "exec">
  /** Absolute. */
  readonly program: string
  /** Whether it may run unconfined. */
  readonly isUnconfined: boolean
  readonly deep: number
  /** Where its schemas are kept; nothing is written elsewhere. */
  readonly out: string
  readonly now: () => number
  readonly signal: AbortSignal
}

/** A program that is asked for help a thousand times tells nothing more. */
const PAGES_MAX = 400
const PAGE_MS_MAX = 10_000
const SCHEMAS_MS_MAX = 60_000
const PAGE_BYTES_MAX = 256 * 1024
const SCHEMA_FILES_MAX = 5_000

/**
 * Runs a program for its version, the help of every word, its features and its schemas: in the sandbox, without network, with no
 * variable of the person's and a home of its own, each run bounded. Throws SkeinError `config.invalid` for what is no program.
 */
export async function capture(capture: Capture): Promise<Reference> {
  const { program, out, now } = capture
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-reference-")))
  const notes: string[] = []
  try {
    const run = runner(capture, folder)
    const version = await run(["--version"], PAGE_MS_MAX)
    const commands = await pages(run, capture.deep, notes)
    const start = commands[0]
    if (start?.exitCode === 126 || start?.exitCode === 127) {
      throw new SkeinError("config.invalid", `${program} cannot be run: ${start.help.trim().split("\n")[0]}.`)
    }
    if (!commands.some(({ help }) => help.trim() !== "")) {
      throw new SkeinError("config.invalid", `${program} --help says nothing: there is nothing to record.`)
    }
    const has = (...path: string[]) => commands.some((page) => page.path.join(" ") === path.join(" "))
    const features = has("features", "list") ? (await run(["features", "list"], PAGE_MS_MAX)).text : ""
    const schemas = has("app-server", "generate-json-schema") ? await schemasOf(run, folder, out, notes) : {}
    return {
      ...{ v: 1, program, sha256: sha256Of(readFileSync(program)) },
      version: versionIn(version.text),
      capturedAt: new Date(now()).toISOString(),
      ...{ commands, features: featuresIn(features), schemas, notes },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The first line that holds a version; programs may warn before they say it. */
function versionIn(text: string): string {
  const lines = text.trim().split("\n")
  return lines.find((line) => /\b\d+\.\d+/.test(line)) ?? lines[0] ?? ""
}

interface RanPage {
  readonly exitCode: number | null
  readonly text: string
  readonly isTimedOut: boolean
}

type RunPage = (args: readonly string[], timeoutMs: number) => Promise<RanPage>

/**
 * Commands see a temporary folder of their own in the place of this machine's, so a program that lies there is run as a copy. A
 * script would miss what stands beside it.
 */
function reachable({ program, isUnconfined }: Capture, folder: string): string {
  if (isUnconfined || !`${program}/`.startsWith(`${realpathSync("/tmp")}/`)) return program
  const fd = openSync(program, "r")
  const head = Buffer.alloc(2)
  readSync(fd, head)
  closeSync(fd)
  if (head.toString() === "#!") {
    throw new SkeinError(
      "config.invalid",
      `${program} is a script below /tmp, which the sandbox hides. Install it elsewhere, or add --no-sandbox.`,
    )
  }
  const copy = join(folder, basename(program))
  copyFileSync(program, copy, constants.COPYFILE_FICLONE)
  return copy
}

function runner(capture: Capture, folder: string): RunPage {
  const { host, isUnconfined, signal } = capture
  const program = reachable(capture, folder)
  const own = [
    `HOME=${folder}`,
    `PATH=${process.env.PATH ?? "/usr/bin:/bin"}`,
    "NO_COLOR=1",
    "TERM=dumb",
    "COLUMNS=120",
  ]
  return async (args, timeoutMs) => {
    const { exitCode, output, isTimedOut } = await host.exec.run({
      command: ["/usr/bin/env", "-i", ...own, program, ...args],
      ...{ cwd: folder, roots: [folder], sandbox: isUnconfined ? "full-access" : "workspace-write" },
      ...{ timeoutMs, signal, bytesMax: PAGE_BYTES_MAX },
    })
    return { exitCode, isTimedOut, text: output.replaceAll(folder, "<home>") }
  }
}

/** From the program itself down, a word at a time, the breadth first. */
async function pages(run: RunPage, deep: number, notes: string[]): Promise<readonly CommandPage[]> {
  const found: CommandPage[] = []
  const waiting: (readonly string[])[] = [[]]
  const known = new Set<string>()
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.length >= PAGES_MAX) {
      notes.push(`More than ${PAGES_MAX} commands: the rest is not recorded.`)
      break
    }
    const { exitCode, text, isTimedOut } = await run([...path, "--help"], PAGE_MS_MAX)
    if (isTimedOut) notes.push(`${path.join(" ")} --help did not end within ${PAGE_MS_MAX / 1_000} s.`)
    const sha256 = sha256Of(text)
    // A program that gives the same page for a word as without it does not know the word.
    if (known.has(sha256)) continue
    known.add(sha256)
    const { commands, flags } = readHelp(text)
    found.push({ path, exitCode, sha256, commands, flags, help: text })
    if (path.length < deep) waiting.push(...commands.map((name) => [...path, name]))
  }
  return found
}

/** Rows of a name and what is said of it. */
function featuresIn(text: string): Readonly<Record<string, string>> {
  const rows = text.split("\n").flatMap((line) => {
    const [, name, said] = /^([a-z][\w.]*)\s{2,}(\S.*?)\s*$/.exec(line) ?? []
    return name === undefined || said === undefined ? [] : [[name, said.replace(/\s{2,}/g, " ")] as const]
  })
  return Object.fromEntries(rows)
}

async function schemasOf(run: RunPage, folder: string, out: string, notes: string[]): Promise<Record<string, string>> {
  const made = join(folder, "schemas")
  mkdirSync(made)
  const { exitCode, text } = await run(["app-server", "generate-json-schema", "--out", made], SCHEMAS_MS_MAX)
  if (exitCode !== 0) {
    notes.push(`Its schemas were not written: ${text.trim().split("\n").at(-1)}`)
    return {}
  }
  const files = existsSync(made) ? readdirSync(made, { recursive: true, encoding: "utf8" }).sort() : []
  const plain = files.filter((name) => statSync(join(made, name)).isFile()).slice(0, SCHEMA_FILES_MAX)
  cpSync(made, join(out, "schemas"), { recursive: true, dereference: false })
  return Object.fromEntries(plain.map((name) => [relative(".", name), sha256Of(readFileSync(join(made, name)))]))
}
