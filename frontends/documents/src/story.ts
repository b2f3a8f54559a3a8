import type { Item, SessionView, ShellLine, ToolCall, UserMessage } from "@skein/protocol"
import { asObject, asText } from "@skein/protocol/json"

/** One input of the person and all that came of it. The first may have none: what was there before anybody spoke. */
export interface Chapter {
  readonly said: UserMessage | undefined
  readonly items: readonly Item[]
}

export function chaptersOf({ items }: Pick<SessionView, "items">): readonly Chapter[] {
  const chapters: { said: UserMessage | undefined; items: Item[] }[] = []
  for (const item of items) {
    // What the model was not to know is nothing to pass on either.
    if (item.kind === "shell" && item.isPrivate) continue
    const isOpening = item.kind === "user_message" && !item.isSteer
    if (isOpening) chapters.push({ said: item, items: [] })
    else if (chapters.length === 0) chapters.push({ said: undefined, items: [item] })
    else chapters.at(-1)?.items.push(item)
  }
  return chapters
}

/** What is told alike of a call and of a command that the person ran. */
export type Acted = Pick<ToolCall, "name" | "title" | "toolKind" | "state" | "result" | "input" | "inputText">

/** A person's own command, told as a call is. */
export function personsCommand({ command, state, result }: ShellLine): Acted {
  return { name: "!", title: command, toolKind: "execute", input: { command }, state, result }
}

/** What a reader is told of a call's end: `exit 1`, `3.5 s`, `refused`. */
export function factsOf({ state, result }: Pick<Acted, "state" | "result">): readonly string[] {
  const summary = result?.forHuman?.summary
  const exit = result?.exitCode === undefined ? undefined : `exit ${result.exitCode}`
  const end = { success: undefined, cancelled: "stopped", error: "failed" }[state as "success" | "error" | "cancelled"]
  const why = WHY[result?.code ?? ""] ?? end
  const took = result === undefined || result.durationMs < 1_000 ? undefined : duration(result.durationMs)
  const isOpen = result === undefined ? "no result" : undefined
  return [summary ?? exit ?? why, took, isOpen, ...originOf(result)].filter((fact) => fact !== undefined)
}

/** What a reader has to know of a result before they trust what came of it. */
function originOf(result: ToolCall["result"]): readonly string[] {
  const { provenance, network = [], confinement } = result ?? {}
  return [
    ...(provenance?.isTrusted === false ? ["untrusted"] : []),
    ...network.map(({ host, decision }) => (decision === "allowed" ? `reached ${host}` : `refused ${host}`)),
    ...(confinement === "none" ? ["no sandbox"] : []),
  ]
}

const WHY: Readonly<Record<string, string>> = {
  "call.denied": "refused",
  "call.unattended": "refused",
  "call.timeout": "out of time",
  "call.unknown_outcome": "may have run",
}

export function duration(ms: number): string {
  const seconds = ms / 1_000
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A call's title without the tool's name, which stands before it anyway; empty when it says no more. */
export function targetOf({ name, title }: Acted): string {
  if (title === name) return ""
  return title.startsWith(`${name} `) ? title.slice(name.length + 1) : title
}

/** Whether the call did what it was asked for. */
export function isSuccess({ state }: Pick<Acted, "state">): boolean {
  return state === "success"
}

/** `2026-03-01 09:00 UTC`; the same on every machine. */
export function dateOf(at: number): string {
  if (!(at > 0) || at > 8.64e15) return "an unknown time"
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`
}

/** Unified diffs of what a call changed: as recorded, as shown, or as its own words tell. */
export function diffsOf({ result, input, name }: Acted): readonly string[] {
  const recorded = (result?.changes ?? []).flatMap(({ diff }) => (diff === undefined ? [] : [diff]))
  if (recorded.length > 0) return recorded
  if (result?.forHuman?.kind === "diff") return [result.forHuman.body]
  const words = asObject(input)
  const before = asText(words?.oldText)
  const after = asText(words?.newText)
  if (before !== undefined && after !== undefined) return [[...signed("-", before), ...signed("+", after)].join("\n")]
  const patch = name === "apply_patch" ? asText(words?.patch) : undefined
  return patch === undefined ? [] : [patch]
}

function signed(sign: string, text: string): string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${sign}${line}`)
}

/** What a reader wants to see of a call's input: the command itself, or the arguments. Empty when the title says all. */
export function inputText(call: Acted): string {
  if (call.inputText !== undefined) return call.inputText
  const words = asObject(call.input)
  const command = asText(words?.command)
  if (command !== undefined) return command
  const content = asText(words?.content)
  if (content !== undefined) return content
  if (words === undefined) return call.input === undefined ? "" : JSON.stringify(call.input)
  if (diffsOf(call).length > 0 || Object.keys(words).every((key) => key === "path")) return ""
  return JSON.stringify(words, null, 2)
}

/** What came of a call, as text. Nothing for edits that a diff shows. */
export function outputText(call: Acted): string {
  const { result } = call
  if (result === undefined) return ""
  const { forHuman, forModel } = result
  if (forHuman !== undefined && forHuman.kind !== "diff") return forHuman.body
  if (isSuccess(call) && diffsOf(call).length > 0) return ""
  return forModel.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")
}

/** A title for the whole: its own, or how it began. */
export function titleOf(view: SessionView): string {
  const first = chaptersOf(view).find(({ said }) => said !== undefined)?.said?.input ?? []
  const words = first.flatMap((part) => (part.type === "text" ? [part.text] : [])).join(" ")
  const line = (view.title ?? words).replace(/\s+/g, " ").trim()
  return line === "" ? "A session" : line.length > 100 ? `${line.slice(0, 99)}…` : line
}

/** Facts of the whole in a few words each. */
export function totalsOf(view: SessionView): readonly string[] {
  const turns = view.items.filter((item) => item.kind === "user_message" && !item.isSteer).length
  const calls = view.items.filter((item) => item.kind === "tool_call").length
  const { input, cacheRead, cacheWrite, output } = view.usage
  const tokens = input + cacheRead + cacheWrite + output
  return [
    `${turns} turn${turns === 1 ? "" : "s"}`,
    `${calls} tool call${calls === 1 ? "" : "s"}`,
    ...(tokens > 0 ? [`${shortCount(tokens)} tokens`] : []),
    ...(view.microUsd === undefined ? [] : [`$${(view.microUsd / 1e6).toFixed(2)}`]),
  ]
}

function shortCount(count: number): string {
  if (count < 1_000) return String(count)
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)} k` : `${(count / 1_000_000).toFixed(1)} M`
}
