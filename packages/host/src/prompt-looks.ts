import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync } from "node:fs"
import { join, resolve } from "node:path"
import type { ExecPort } from "@skein/core/ports"
import { type Rule, SkeinError } from "@skein/protocol"
import { parseHostRule, readRules, splitRules } from "@skein/protocol/rule-strings"
import type { Permissions } from "./permissions.ts"
import type { HostRequest } from "./request.ts"

/** What came of a line or a file that a command's text asks for. */
export type Looked =
  | { readonly kind: "text"; readonly text: string; readonly bytesOmitted?: number | undefined }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "none" }

interface Asked {
  readonly cwd: string
  readonly toolsAllowed: readonly string[]
  readonly signal: AbortSignal
}

export interface LooksOptions {
  readonly request: Pick<HostRequest, "home">
  readonly exec: ExecPort
  /** What would be decided about a call. */
  readonly judge: Permissions["judge"]
  readonly rulesIn: (cwd: string) => readonly Rule[]
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
}

const TIMEOUT_MS = 10_000
const OUTPUT_BYTES_MAX = 16_384
const FILE_BYTES_MAX = 65_536

/**
 * What a command's text may look at while it is made: lines for the shell, read-only and without network, where nothing would
 * be asked; and files of the session's folders (decision 0020).
 */
export function lookingOf(options: LooksOptions) {
  const { exec, judge, rulesIn, redact } = options
  return {
    async run(line: string, { cwd, toolsAllowed, signal }: Asked): Promise<Looked> {
      const rules = [...rulesIn(cwd), ...rulesOf(toolsAllowed, cwd)]
      const { decision, reasons } = await judge("bash", { command: line }, { cwd, rules, sandbox: "read-only" })
      const [why = "it is not known what it does"] = reasons
      if (decision !== "allow")
        return { kind: "refused", why: decision === "ask" ? `you would be asked first: ${why}` : why }
      return (await ran(line, { cwd, signal }, exec)) ?? { kind: "refused", why: "there is no sandbox to run it in" }
    },
    async read(path: string, { cwd }: Asked): Promise<Looked> {
      const from = path.startsWith("~/") ? join(options.request.home, path.slice(2)) : resolve(cwd, path)
      if (!existsSync(from)) return { kind: "none" }
      const real = realpathSync(from)
      // As the strictest mode has it: what lies elsewhere or holds secrets is asked about there.
      const { decision, reasons } = await judge("read", { path: real }, { cwd, mode: "ask" })
      if (decision !== "allow") return { kind: "refused", why: reasons[0] ?? "it may not be read" }
      return readFile(real)
    },
  } satisfies Record<string, (what: string, asked: Asked) => Promise<Looked>>

  function readFile(path: string): Looked {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) return { kind: "refused", why: "it is no file" }
      const bytes = new Uint8Array(Math.min(stats.size, FILE_BYTES_MAX))
      const text = new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)))
      if (text.includes("\0")) return { kind: "refused", why: "it is no text" }
      const omitted = stats.size - bytes.length
      return { kind: "text", text: redact(text), ...(omitted > 0 ? { bytesOmitted: omitted } : {}) }
    } finally {
      closeSync(fd)
    }
  }

  async function ran(line: string, { cwd, signal }: Pick<Asked, "cwd" | "signal">, port: ExecPort) {
    const held = await port.confinement("read-only")
    if (held.kind !== "confined") return undefined
    try {
      const bounds = { timeoutMs: TIMEOUT_MS, bytesMax: OUTPUT_BYTES_MAX }
      const result = await port.run({ command: line, cwd, sandbox: "read-only", roots: [cwd], signal, ...bounds })
      const { exitCode, isTimedOut, output } = result
      const note = isTimedOut
        ? `\n[It was ended after ${TIMEOUT_MS / 1000} seconds.]`
        : exitCode === 0
          ? ""
          : `\n[exit code ${exitCode ?? "none"}]`
      return { kind: "text", text: redact(output) + note } as const
    } catch (error) {
      if (error instanceof SkeinError) return { kind: "refused", why: error.message } as const
      throw error
    }
  }
}

function rulesOf(toolsAllowed: readonly string[], cwd: string): readonly Rule[] {
  const { rules } = readRules(splitRules(toolsAllowed).map(parseHostRule), "allow", "once", { cwd })
  return rules.filter(({ tool }) => tool !== "*")
}
