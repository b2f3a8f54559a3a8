import { asNumber, asObject, asText, type Json } from "@skein/protocol/json"

/** What logs tell of how skein ran. Times in milliseconds. */
export interface Metrics {
  readonly files: number
  readonly lines: number
  /** Lines that hold no object: torn, damaged or too long. */
  readonly malformed: number
  /** Of the runtime log, how many of each level. */
  readonly levels: Readonly<Record<string, number>>
  /** Of records, how many of each type of event. */
  readonly types: Readonly<Record<string, number>>
  readonly calls: {
    readonly settled: number
    readonly failed: number
    readonly tools: Readonly<Record<string, Spread>>
  }
  readonly steps: {
    readonly ended: number
    readonly discarded: number
    readonly time?: Spread
    readonly firstToken?: Spread
  }
  readonly turns: { readonly started: number; readonly outcomes: Readonly<Record<string, number>> }
  /** Screens that were closed: what they wrote, and how long their keys took to be seen. */
  readonly screens?: {
    readonly closed: number
    readonly frames: number
    readonly bytes: number
    readonly keys: number
    readonly keyMedian?: Spread
    readonly keyP99?: Spread
  }
  /** What was warned of or went wrong, most often first. */
  readonly troubles: readonly { readonly level: string; readonly text: string; readonly count: number }[]
}

/** Half were at most `median`, 95 of 100 at most `p95`. */
export interface Spread {
  readonly count: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

const TROUBLES_MAX = 20

/** Adds line after line; the result is asked for once. Lines of any shape are taken, and what is unknown is only counted. */
export function gathering() {
  const [levels, types, outcomes, troubles] = [counts(), counts(), counts(), counts()]
  const toolNames = new Map<string, string>()
  const toolTimes = new Map<string, number[]>()
  const [stepTimes, firstTokens]: [number[], number[]] = [[], []]
  const screens: Json[] = []
  let [files, lines, malformed, failed] = [0, 0, 0, 0]

  const settled = (facts: Json) => {
    const tool = toolNames.get(asText(facts.callId) ?? "") ?? "?"
    if (asText(facts.outcome) !== "success") failed++
    const times = toolTimes.get(tool) ?? []
    toolTimes.set(tool, times)
    push(times, facts.durationMs)
  }

  return {
    file: () => void files++,
    add(line: Json | undefined) {
      lines++
      if (line === undefined) return void malformed++
      const level = asText(line.level)
      if (level !== undefined) {
        levels.add(level)
        if (level === "warn" || level === "error") troubles.add(`${level}\n${firstLine(asText(line.text) ?? "")}`)
      }
      if (line.text === "screen") screens.push(line)
      const type = asText(line.type)
      if (type === undefined) return
      types.add(type)
      // A record keeps the fields of its event below `data`.
      const facts = asObject(line.data) ?? line
      const callId = asText(facts.callId)
      // A record has a tool's kind alone: its name may be a word of the model's.
      const name = asText(facts.name) ?? asText(facts.kind)
      if (type === "call.requested" && callId !== undefined && name !== undefined) toolNames.set(callId, name)
      if (type === "call.settled") settled(facts)
      if (type === "step.ended") push(stepTimes, facts.durationMs)
      if (type === "step.ended") push(firstTokens, facts.firstTokenMs)
      if (type === "turn.ended") outcomes.add(outcomeOf(facts.outcome))
    },
    result: (): Metrics => ({
      files,
      lines,
      malformed,
      levels: levels.record(),
      types: types.record(),
      calls: {
        settled: types.of("call.settled"),
        failed,
        tools: Object.fromEntries([...toolTimes].flatMap(([tool, times]) => spreadEntry(tool, times))),
      },
      steps: {
        ended: types.of("step.ended"),
        discarded: types.of("step.discarded"),
        ...Object.fromEntries([...spreadEntry("time", stepTimes), ...spreadEntry("firstToken", firstTokens)]),
      },
      turns: { started: types.of("turn.started"), outcomes: outcomes.record() },
      ...(screens.length === 0 ? {} : { screens: screensOf(screens) }),
      troubles: troubles
        .ranked()
        .slice(0, TROUBLES_MAX)
        .map(([key, count]) => {
          const [level = "", text = ""] = key.split("\n")
          return { level, text, count }
        }),
    }),
  }
}

function screensOf(lines: readonly Json[]): NonNullable<Metrics["screens"]> {
  const sum = (name: string) => lines.reduce((total, line) => total + (asNumber(line[name]) ?? 0), 0)
  const all = (name: string) => lines.flatMap((line) => asNumber(line[name]) ?? [])
  const counted = { closed: lines.length, frames: sum("frames"), bytes: sum("bytes"), keys: sum("keys") }
  const times = [...spreadEntry("keyMedian", all("keyMedianMs")), ...spreadEntry("keyP99", all("keyP99Ms"))]
  return { ...counted, ...Object.fromEntries(times) }
}

/** A record may hold only the kind of an outcome, or the whole of it. */
function outcomeOf(outcome: unknown): string {
  if (typeof outcome === "string") return outcome
  const kind = typeof outcome === "object" && outcome !== null && "kind" in outcome ? outcome.kind : undefined
  return asText(kind) ?? "?"
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? ""
}

function push(times: number[], value: unknown): void {
  const ms = asNumber(value)
  if (ms !== undefined) times.push(ms)
}

function spreadEntry(name: string, times: readonly number[]): [string, Spread][] {
  if (times.length === 0) return []
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? 0
  return [[name, { count: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) }]]
}

function counts() {
  const known = new Map<string, number>()
  const ranked = () => [...known].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return {
    add: (name: string) => void known.set(name, (known.get(name) ?? 0) + 1),
    of: (name: string) => known.get(name) ?? 0,
    ranked,
    record: () => Object.fromEntries(ranked()),
  }
}
