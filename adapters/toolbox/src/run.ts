import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { ProcessRequest } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { type Script, sha256Of } from "./find.ts"
import type { ToolboxOptions } from "./options.ts"

export interface Running
  extends Pick<ProcessRequest, "sessionId" | "callId" | "cwd" | "sandbox" | "roots" | "network"> {
  readonly action: "describe" | "execute"
  readonly environment?: "minimal" | undefined
  readonly input: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onOutput?: ((bytes: number, preview: string) => void) | undefined
}

export interface Ran {
  readonly output: Uint8Array
  readonly errors: string
  readonly exitCode: number | null
  readonly signal: string | null
  readonly isTimedOut: boolean
  /** More was printed than is kept. */
  readonly isCut: boolean
  readonly confinement: string
}

const OUTPUT_BYTES_MAX = 6 * 1024 * 1024
const ERRORS_CHARS_MAX = 8_000

/**
 * One process of a script, with its input on stdin, until it has ended. Throws ToolFailure where it is not as it was, or
 * cannot be started; the signal's reason; and SkeinError `sandbox.unavailable`.
 */
export async function runScript(script: Script, running: Running, options: ToolboxOptions): Promise<Ran> {
  const { signal, timeoutMs, input, action, onOutput, ...place } = running
  signal.throwIfAborted()
  const path = whereItRuns(script, options)
  const kept = new Kept(onOutput)
  const { runtime } = options
  const process = await options.processes.start({
    ...place,
    command: script.isOfRuntime ? [runtime.program, "--no-install", path] : [path],
    roots: [...place.roots, ...(place.sandbox === "workspace-write" ? [] : [dirname(path), dirname(runtime.program)])],
    env: { ...(script.isOfRuntime ? runtime.env : {}), TOOLBOX_ACTION: action, AGENT: "skein" },
    onOutput: (bytes, stream) => kept.take(bytes, stream),
  })
  let isTimedOut = false
  const stop = () => process.signal("SIGKILL")
  const timer = setTimeout(() => {
    isTimedOut = true
    stop()
  }, timeoutMs)
  signal.addEventListener("abort", stop, { once: true })
  if (signal.aborted) stop()
  try {
    // A script that reads nothing of it may have ended by then: what it printed counts.
    await process.write(new TextEncoder().encode(input)).catch(() => undefined)
    process.closeInput()
    const exit = await process.exited
    signal.throwIfAborted()
    return { ...exit, ...kept.all(), isTimedOut, confinement: process.confinement }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener("abort", stop)
    stop()
  }
}

class Kept {
  readonly #onOutput: Running["onOutput"]
  readonly #pieces: Uint8Array[] = []
  #bytes = 0
  #errors = ""

  constructor(onOutput: Running["onOutput"]) {
    this.#onOutput = onOutput
  }

  take(bytes: Uint8Array, stream: "stdout" | "stderr"): void {
    if (stream === "stderr") {
      this.#errors = (this.#errors + new TextDecoder().decode(bytes)).slice(-ERRORS_CHARS_MAX)
      return
    }
    if (this.#bytes <= OUTPUT_BYTES_MAX) this.#pieces.push(bytes.slice())
    this.#bytes += bytes.length
    this.#onOutput?.(this.#bytes, new TextDecoder().decode(bytes.subarray(-400)))
  }

  all(): Pick<Ran, "output" | "errors" | "isCut"> {
    const output = Buffer.concat(this.#pieces).subarray(0, OUTPUT_BYTES_MAX)
    return { output, errors: this.#errors, isCut: this.#bytes > OUTPUT_BYTES_MAX }
  }
}

/** The file that is started: itself where it is as it was hashed, else a copy of exactly those bytes. */
function whereItRuns({ path, folder, bytes, sha256 }: Script, { copiesDir }: ToolboxOptions): string {
  if (!folder.isHidden) {
    if (sha256Of(readFileSync(path)) === sha256) return path
    throw new ToolFailure(`${path} was changed a moment ago. Nothing was run: call it again.`)
  }
  const copy = join(copiesDir, sha256.slice(0, 16), basename(path))
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 })
  const made = `${copy}-${crypto.randomUUID()}`
  writeFileSync(made, bytes, { flag: "wx", mode: 0o500 })
  chmodSync(made, 0o500)
  renameSync(made, copy)
  return copy
}
