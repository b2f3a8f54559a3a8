import { type PlanContext, ToolFailure } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { fileFailure } from "../files/failure.ts"
import { pinFolder } from "../files/pinned.ts"
import { NEVER_SEARCHED, type Scope } from "./scope.ts"

export interface RipgrepRequest {
  /** Options and operands; operands behind `--`. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly world: ToolWorld
  readonly context: PlanContext
  /** What ends a piece of its output: a line end, or NUL where a piece is only a name, for a name can hold line ends. */
  readonly separator: "\n" | "\0"
  /** Called for each line of output, or each name; `false` ends the search: enough was found. */
  readonly onLine: (line: string) => boolean
}

/** How a search ended: `cut` when `onLine` said so, `late` at the deadline. */
export interface RipgrepEnd {
  readonly how: "complete" | "cut" | "late"
  /** What could not be read, in ripgrep's words, one line each; bounded. */
  readonly complaints: readonly string[]
}

const DEADLINE_MS = 30_000
/** A line longer than this is no line of ours: names and matches are bounded far below. */
const LINE_BYTES_MAX = 1_000_000
const COMPLAINT_BYTES_MAX = 4_000

/**
 * Before any other option. No settings file, no preprocessor, no colour; ignore files count without a repository too.
 * The later of two globs wins in ripgrep, so the exclusions come again behind a caller's own; see `excluding`.
 */
const ALWAYS = [
  ...["--no-config", "--no-pre", "--color=never", "--no-require-git", "--no-follow"],
  // What is wrong in an ignore file would be quoted, and one can be a link to any file of the person's.
  "--no-ignore-messages",
] as const

/**
 * It takes an ignore file into memory line by line, however long a line is: a link to /dev/zero is one without an end. So it
 * gets as much memory as it could need and no more. Where a system has no such bound, it goes without.
 */
const BOUNDED = ["/bin/sh", "-c", 'ulimit -v 2097152 2>/dev/null; exec "$@"', "sh"] as const

/** The caller's globs, then what is never shown: git's own files, and the stores of keys and passwords. */
export function excluding(globs: readonly string[], scope: Scope, unread: readonly string[] = []): readonly string[] {
  const never = [".git", ...NEVER_SEARCHED].map((name) => `**/${name}`)
  const secrets = [...scope.secrets, ...unread].map((path) => `/${path.replace(/[*?{}[\]\\!]/g, "\\$&")}`)
  return [...globs.map((glob) => `--glob=${glob}`), ...[...never, ...secrets].map((glob) => `--glob=!${glob}`)]
}

/**
 * Runs ripgrep and hands on its lines. It is a program of ours with arguments of ours, so it runs outside the sandbox; it
 * gets no environment at all, which also means no RIPGREP_CONFIG_PATH. Ended within 100 ms of the signal.
 */
export async function ripgrep(request: RipgrepRequest): Promise<RipgrepEnd> {
  const { args, cwd, world, context } = request
  const argv = [...BOUNDED, await world.ripgrep(), ...ALWAYS, ...args]
  if (context.layer === undefined) return await search(argv, cwd, request)
  if (world.layered === undefined) throw new ToolFailure("Cannot search here.")
  return await world.layered(context.layer).entered(argv, cwd, (entered) => search(entered, "/", request))
}

async function search(argv: readonly string[], cwd: string, request: RipgrepRequest): Promise<RipgrepEnd> {
  const { signal } = request.context
  signal.throwIfAborted()
  const child = start(argv, cwd)
  let how: RipgrepEnd["how"] = "complete"
  const stop = () => child.kill("SIGKILL")
  const timer = setTimeout(() => {
    how = "late"
    stop()
  }, DEADLINE_MS)
  signal.addEventListener("abort", stop, { once: true })
  try {
    const complaining = boundedText(child.stderr, COMPLAINT_BYTES_MAX)
    if (!(await eachPiece(child.stdout, request))) {
      how = "cut"
      stop()
    }
    const [said, code] = await Promise.all([complaining, child.exited])
    signal.throwIfAborted()
    // 0: found; 1: nothing found; 2: an error, perhaps besides what was found.
    if (how === "complete" && code !== 0 && code !== 1 && code !== 2) {
      throw new ToolFailure(`The search ended unexpectedly (${child.signalCode ?? `exit ${code}`}).`)
    }
    return { how, complaints: said.split("\n").filter((line) => line !== "") }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", stop)
    stop()
  }
}

/** In the folder that was resolved, and in no other that was put in its place since. */
function start(argv: readonly string[], cwd: string) {
  try {
    const folder = pinFolder(cwd)
    try {
      return Bun.spawn([...argv], {
        cwd: folder.at("."),
        env: {},
        stdio: ["ignore", "pipe", "pipe"],
      })
    } finally {
      folder.close()
    }
  } catch (error) {
    throw fileFailure("search", cwd, error)
  }
}

/**
 * Paths in the order that ripgrep sorts them in: folder by folder. Sorting there costs it all but one of its threads, so it is
 * done here for as long as there is little to sort.
 */
export function byPath(a: string, b: string): number {
  const [left, right] = [a.replaceAll("/", "\0"), b.replaceAll("/", "\0")]
  return left < right ? -1 : left > right ? 1 : 0
}

/** False when `onLine` wanted no more. */
async function eachPiece(
  stream: ReadableStream<Uint8Array>,
  { separator, onLine }: Pick<RipgrepRequest, "separator" | "onLine">,
): Promise<boolean> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream) {
    const text = rest + decoder.decode(chunk, { stream: true })
    let from = 0
    for (let end = text.indexOf(separator); end !== -1; end = text.indexOf(separator, from)) {
      if (!onLine(text.slice(from, end))) return false
      from = end + 1
    }
    rest = text.slice(from)
    if (rest.length > LINE_BYTES_MAX) return false
  }
  return rest === "" || onLine(rest)
}

async function boundedText(stream: ReadableStream<Uint8Array>, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ""
  for await (const chunk of stream) {
    if (text.length < bytesMax) text += decoder.decode(chunk, { stream: true })
  }
  return text.slice(0, bytesMax)
}

/** When nothing was found, an error of ripgrep's is the answer: a pattern it cannot read, a folder it may not enter. */
export function failOn({ complaints }: RipgrepEnd, tried: string): void {
  const advice = complaints.findIndex((line) => line.startsWith("Consider enabling"))
  // Its advice is about options that a model does not have.
  const said = (advice === -1 ? complaints : complaints.slice(0, advice)).slice(0, 6)
  if (said.length === 0) return
  const hint = /"\\n"/.test(said.join()) ? "\nA pattern is looked for within one line, unless multiline is set." : ""
  throw new ToolFailure(`${tried}: ${said.map((line) => line.replace(/^rg: /, "")).join("\n")}${hint}`)
}

/** A name as part of a line: one with line ends in it could otherwise pass for another. */
export function onOneLine(name: string): string {
  return name.replace(/[\n\r\t]/g, (character) => JSON.stringify(character).slice(1, -1))
}

/** One line for the model, in parentheses, where a search did not see all there is. */
export function notesOf({ how, complaints }: RipgrepEnd, whenCut: string): readonly string[] {
  return [
    ...(how === "cut" ? [`(${whenCut})`] : []),
    ...(how === "late"
      ? [`(stopped after ${DEADLINE_MS / 1000} s: not everything was searched; narrow the path)`]
      : []),
    ...(complaints.length > 0 ? [`(could not read ${complaints.length}: ${complaints[0]?.replace(/^rg: /, "")})`] : []),
  ]
}
