import type { Format } from "./format.ts"

/** Why something of the source is not in the session. The sentence is what a person reads. */
export const LOSSES = {
  opaque_reasoning: "reasoning that only its provider can read (encrypted, redacted or without text)",
  signature: "a provider's signature, worth nothing to another program",
  opaque_summary: "a summary that only its provider can read; the conversation before it was kept in view instead",
  placed_context: "what the other program had told the model (rules, environment, skills); skein tells its own",
  system_text: "a system or developer message of the other program",
  slash_command: "a command to the other program, or what it printed",
  call_without_result: "a call whose result is not in the log; the model is told so",
  result_without_call: "a result whose call is not in the log",
  broken_arguments: "arguments of a call that are no JSON; kept as they were written",
  other_branch: "part of another branch of the conversation than the newest",
  sidechain: "part of the conversation of a subagent",
  undone: "part of the conversation that the person had taken back",
  duplicate: "a line that says again what another one said",
  unreadable_content: "content that is neither text nor an image held in the log (audio, documents, addresses)",
  shortened: "a text that was too long; its middle was left out",
  elsewhere: "part of the conversation that stands in another file",
  unknown_type: "a kind of line or content that is not known here",
  no_time: "a line without a time; it was given that of the line before",
  no_folder: "the folder of the session is not in the log; it was given another",
} as const
export type LossKind = keyof typeof LOSSES

export interface Loss {
  readonly kind: LossKind
  readonly why: string
  readonly count: number
  /** The first lines it was found on. */
  readonly lines: readonly number[]
  /** What exactly, where a word tells it: names of unknown types, with how often. */
  readonly names?: Readonly<Record<string, number>>
}

/** Lines that could not be read. Line numbers are the first ones. */
export interface BrokenLines {
  readonly count: number
  readonly lines: readonly number[]
}

/** What of a source is in the session made of it, and what is not. */
export interface LossReport {
  readonly format: Format
  readonly path: string
  readonly id: string
  readonly lines: number
  readonly longestLine: { readonly line: number; readonly bytes: number }
  /** `turns`, `messages`, `calls` …: how many of each are in the session. */
  readonly kept: Readonly<Record<string, number>>
  readonly lost: readonly Loss[]
  readonly malformed: BrokenLines
  readonly tooLong: BrokenLines
  /** The last line has no end: the writer was stopped, or still writes. */
  readonly isTorn: boolean
}

const LINES_SHOWN_MAX = 20
const NAMES_MAX = 50

/** Counts, in bounded memory, while a source is read. */
export class Ledger {
  readonly #kept = new Map<string, number>()
  readonly #lost = new Map<LossKind, { count: number; lines: number[]; names: Map<string, number> }>()
  readonly #broken = { malformed: emptyLines(), too_long: emptyLines(), torn: emptyLines() }
  #lines = 0
  #longest = { line: 0, bytes: 0 }

  keep(what: string): void {
    this.#kept.set(what, (this.#kept.get(what) ?? 0) + 1)
  }

  lose(kind: LossKind, line?: number, name?: string): void {
    const loss = this.#lost.get(kind) ?? { count: 0, lines: [], names: new Map<string, number>() }
    this.#lost.set(kind, loss)
    loss.count += 1
    if (line !== undefined && loss.lines.length < LINES_SHOWN_MAX) loss.lines.push(line)
    if (name !== undefined && (loss.names.has(name) || loss.names.size < NAMES_MAX)) {
      loss.names.set(name, (loss.names.get(name) ?? 0) + 1)
    }
  }

  line(number: number, bytes: number): void {
    this.#lines = Math.max(this.#lines, number)
    if (bytes > this.#longest.bytes) this.#longest = { line: number, bytes }
  }

  broken(kind: "malformed" | "too_long" | "torn", line: number): void {
    const broken = this.#broken[kind]
    broken.count += 1
    if (broken.lines.length < LINES_SHOWN_MAX) broken.lines.push(line)
  }

  report(source: { readonly format: Format; readonly path: string; readonly id: string }): LossReport {
    const { format, path, id } = source
    return {
      format,
      path,
      id,
      lines: this.#lines,
      longestLine: { ...this.#longest },
      kept: Object.fromEntries(this.#kept),
      lost: [...this.#lost].map(([kind, { count, lines, names }]) => ({
        kind,
        why: LOSSES[kind],
        count,
        lines: [...lines],
        ...(names.size === 0 ? {} : { names: Object.fromEntries(names) }),
      })),
      malformed: { ...this.#broken.malformed },
      tooLong: { ...this.#broken.too_long },
      isTorn: this.#broken.torn.count > 0,
    }
  }
}

function emptyLines(): { count: number; lines: number[] } {
  return { count: 0, lines: [] }
}
