import { addUsage, NO_USAGE, SkeinError, type Usage } from "@skein/protocol"
import { asNumber, asObject, asText, type Json } from "@skein/protocol/json"
import type { Beat } from "./beat.ts"
import { recordsOf } from "./files/records.ts"
import type { Format, FoundSession } from "./format.ts"
import { detect, readerOf } from "./importers.ts"
import { type BrokenLines, Ledger, type Loss } from "./ledger.ts"

/** What a log of another program holds, counted. Nothing of it is kept; names and texts are not made visible. */
export interface ForeignSummary {
  /** `unknown`: only its lines could be counted. */
  readonly format: Format | "unknown"
  readonly path: string
  readonly id?: string | undefined
  readonly cwd?: string | undefined
  readonly at?: number | undefined
  readonly lastAt?: number | undefined
  readonly models: readonly string[]
  readonly git?: { readonly commit?: string | undefined; readonly branch?: string | undefined } | undefined
  /** `type` of each line, with the type of its payload or message: `event_msg/token_count` → 12. */
  readonly lineTypes: Readonly<Record<string, number>>
  readonly lines: number
  readonly longestLine: { readonly line: number; readonly bytes: number }
  readonly malformed: BrokenLines
  readonly tooLong: BrokenLines
  readonly isTorn: boolean
  readonly turns: {
    readonly started: number
    readonly done: number
    readonly interrupted: number
    readonly failed: number
  }
  readonly tools: Readonly<Record<string, ToolCount>>
  readonly usage: Usage
  readonly compactions: number
  readonly lost: readonly Loss[]
}

export interface ToolCount {
  readonly calls: number
  readonly success: number
  readonly error: number
  readonly cancelled: number
  /** Without a result. */
  readonly open: number
  readonly durationMs: number
  readonly durationMsMax: number
}

/**
 * Reads a log as a stream and counts. A file that is no log at all is counted too: that it holds nothing but broken lines
 * is an answer. Throws SkeinError `import.unreadable` when it cannot be read, or holds many sessions.
 */
export async function summariseForeign(path: string): Promise<ForeignSummary> {
  const all = await detect(path)
  if (all.length > 1) {
    throw new SkeinError(
      "import.unreadable",
      `Cannot summarise ${path}: it holds ${all.length} sessions. Import the one you mean, or export it to a file of its own.`,
    )
  }
  const [found] = all
  const isLines = found?.format !== "opencode"
  const facts = isLines ? await countLines(path) : { ledger: new Ledger(), lineTypes: {}, git: undefined }
  const ledger = new Ledger()
  const tally = new Tally()
  if (found !== undefined) await tally.add(found, ledger)
  const report = (isLines ? facts.ledger : ledger).report({ format: "codex", path, id: "" })
  const { lines, longestLine, malformed, tooLong, isTorn } = report
  const { id, cwd, at } = found ?? {}
  return {
    ...{ format: found?.format ?? "unknown", path, id, cwd, at, git: facts.git, lineTypes: facts.lineTypes },
    ...{ lines, longestLine, malformed, tooLong, isTorn },
    ...tally.counts(),
    lost: ledger.report({ format: "codex", path, id: "" }).lost,
  }
}

/** Kinds of lines told apart; a broken file may name a new one on each. */
const TYPES_MAX = 200

async function countLines(path: string) {
  const ledger = new Ledger()
  const types = new Map<string, number>()
  let git: ForeignSummary["git"]
  for await (const { json } of recordsOf(path, ledger)) {
    const type = typeOf(json)
    const known = types.has(type) || types.size < TYPES_MAX ? type : "others"
    types.set(known, (types.get(known) ?? 0) + 1)
    git ??= gitOf(json)
  }
  return { ledger, lineTypes: Object.fromEntries([...types].sort((a, b) => b[1] - a[1])), git }
}

const NAME_CHARS_MAX = 60

function typeOf(json: Json): string {
  const inner = asText(asObject(json.payload)?.type) ?? asText(asObject(json.message)?.role) ?? asText(json.subtype)
  const type = `${asText(json.type) ?? "(none)"}${inner === undefined ? "" : `/${inner}`}`
  return type.slice(0, NAME_CHARS_MAX)
}

function gitOf(json: Json): ForeignSummary["git"] {
  const git = asObject(asObject(json.payload)?.git) ?? asObject(json.git)
  const commit = asText(git?.commit_hash)
  const branch = asText(git?.branch) ?? (asText(json.gitBranch) || undefined)
  return commit === undefined && branch === undefined ? undefined : { commit, branch }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Adds up beats. */
class Tally {
  readonly #tools = new Map<string, Mutable<ToolCount>>()
  readonly #open = new Map<string, { readonly name: string; readonly at: number }>()
  readonly #models = new Set<string>()
  readonly #turns = { started: 0, done: 0, interrupted: 0, failed: 0 }
  #isOpen = false
  #isAnswered = false
  #usage: Usage = NO_USAGE
  #reply: { readonly name: string; readonly usage: Usage } | undefined
  #lastReply = ""
  #compactions = 0
  #lastAt: number | undefined

  async add(found: FoundSession, ledger: Ledger): Promise<void> {
    for await (const beat of readerOf(found.format).beats(found, ledger, Number.POSITIVE_INFINITY)) this.#one(beat)
    this.#end(undefined)
    for (const { name } of this.#open.values()) this.#tool(name).open += 1
  }

  counts() {
    return {
      lastAt: this.#lastAt,
      models: [...this.#models],
      turns: this.#turns,
      tools: Object.fromEntries([...this.#tools].sort((a, b) => b[1].calls - a[1].calls)),
      usage: this.#reply === undefined ? this.#usage : addUsage(this.#usage, this.#reply.usage),
      compactions: this.#compactions,
    }
  }

  #one(beat: Beat): void {
    this.#lastAt = Math.max(this.#lastAt ?? 0, beat.at)
    if (beat.kind === "thought" || beat.kind === "answered" || beat.kind === "called") {
      this.#isAnswered = beat.kind === "answered"
      this.#lastReply = beat.reply ?? ""
    }
    switch (beat.kind) {
      case "said":
        if (beat.isSteer === true) return
        this.#end(undefined)
        this.#turns.started += 1
        this.#isOpen = true
        this.#isAnswered = false
        return
      case "called":
        this.#tool(beat.name).calls += 1
        this.#open.set(beat.id, { name: beat.name, at: beat.at })
        return
      case "settled":
        return this.#settled(beat)
      case "spent":
        return this.#spent(beat.usage)
      case "ended":
        return this.#end(beat.end.kind === "completed" ? "done" : beat.end.kind)
      case "compacted":
        this.#compactions += 1
        return
      case "modelled":
        this.#models.add(beat.model)
    }
  }

  #settled({ id, outcome, at, durationMs }: Extract<Beat, { kind: "settled" }>): void {
    const call = this.#open.get(id)
    if (call === undefined) return
    this.#open.delete(id)
    const tool = this.#tool(call.name)
    const took = Math.round(asNumber(durationMs) ?? Math.max(at - call.at, 0))
    tool[outcome] += 1
    tool.durationMs += took
    tool.durationMsMax = Math.max(tool.durationMsMax, took)
  }

  /** Said again for the same reply, it replaces. */
  #spent(usage: Usage): void {
    if (this.#reply !== undefined && (this.#reply.name === "" || this.#reply.name !== this.#lastReply)) {
      this.#usage = addUsage(this.#usage, this.#reply.usage)
    }
    this.#reply = { name: this.#lastReply, usage }
  }

  #end(how: "done" | "interrupted" | "failed" | undefined): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#turns[how ?? (this.#isAnswered ? "done" : "interrupted")] += 1
  }

  #tool(name: string): Mutable<ToolCount> {
    const known = this.#tools.get(name) ?? { ...NO_CALLS }
    this.#tools.set(name, known)
    return known
  }
}

const NO_CALLS: ToolCount = {
  calls: 0,
  success: 0,
  error: 0,
  cancelled: 0,
  open: 0,
  durationMs: 0,
  durationMsMax: 0,
}
