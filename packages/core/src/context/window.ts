import type { Item, Section, TurnId } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import type { Said, SessionState } from "../transcript/state.ts"
import { wordsOf } from "./ledger.ts"
import { madeSection } from "./section.ts"
import { itemTokens } from "./size.ts"

/** What is known of one turn when turns are put into groups. */
export interface TurnFacts {
  readonly turnId: TurnId
  readonly startedAt: number
  /** How long its calls ran. */
  readonly busyMs: number
  readonly files: ReadonlySet<string>
  readonly tools: ReadonlySet<string>
  readonly isSettled: boolean
  /** The person's first sentence and the agent's last. */
  readonly asked: string
  readonly answered: string
}

/** Turns in a row that are about one thing. */
export type TurnGroup = readonly TurnFacts[]

/** Older turns that become a line each, or nothing, beside the person's words. */
export interface WindowPlan {
  readonly gists: readonly { readonly turnIds: readonly TurnId[]; readonly section?: Section | undefined }[]
  readonly freedTokens: number
}

/**
 * Everything but the newest group of turns as one line a group; over `freeTokens` still to be freed the least relevant
 * groups leave altogether. The person's words stay in any case. Undefined when there is no older group to shorten.
 */
export function windowPlan(state: SessionState, freeTokens: number, tokens: TokensPort): WindowPlan | undefined {
  const groups = groupTurns(turnsIn(state))
  const active = groups.at(-1)
  const cold = groups.slice(0, -1)
  if (active === undefined || cold.length === 0) return undefined
  const held = new Map(cold.map((group) => [group, workTokens(state.items, group, tokens)]))
  const lines = cold.flatMap((group, at) => {
    const section = madeSection("gist", gistOf(group, at + 1, groups), tokens)
    return (held.get(group) ?? 0) > section.tokens ? [{ group, section }] : []
  })
  let freedTokens = lines.reduce((sum, { group, section }) => sum + (held.get(group) ?? 0) - section.tokens, 0)
  const dropped = new Set<TurnGroup>()
  for (const { group, section } of lines.toSorted((a, b) => relevance(a.group, active) - relevance(b.group, active))) {
    if (freedTokens >= freeTokens) break
    dropped.add(group)
    freedTokens += section.tokens
  }
  if (lines.length === 0) return undefined
  const gists = lines.map(({ group, section }) => ({
    turnIds: group.map(({ turnId }) => turnId),
    ...(dropped.has(group) ? {} : { section }),
  }))
  return { gists, freedTokens }
}

const GAP_MAX_MS = 15 * 60_000
const DISTANCE_MAX = 0.4
const GROUP_MIN = 2

/**
 * A group ends where the person was away for a quarter of an hour, where the files become others, or where the tools
 * do; never behind an open call, and never with fewer than two turns.
 */
export function groupTurns(turns: readonly TurnFacts[]): TurnGroup[] {
  const groups: TurnFacts[][] = []
  for (const turn of turns) {
    const group = groups.at(-1)
    if (group === undefined || (group.length >= GROUP_MIN && isBreak(group, turn))) groups.push([turn])
    else group.push(turn)
  }
  return groups
}

function isBreak(group: TurnGroup, next: TurnFacts): boolean {
  const last = group.at(-1)
  if (last === undefined || !group.every(({ isSettled }) => isSettled)) return false
  if (next.startedAt - last.startedAt - last.busyMs > GAP_MAX_MS) return true
  const files = union(group.map((turn) => turn.files))
  if (files.size > 0 && next.files.size > 0 && 1 - overlap(files, next.files) > DISTANCE_MAX) return true
  const tools = union(group.map((turn) => turn.tools))
  return tools.size > 0 && next.tools.size > 0 && overlap(tools, next.tools) === 0
}

const GIST_CHARS = 280
const SENTENCE_CHARS = 110
const CONTINUED_OVERLAP = 0.7

/** One line for a group: what was asked first, what was answered last, how much there was. */
export function gistOf(group: TurnGroup, number: number, groups: readonly TurnGroup[]): string {
  const files = union(group.map((turn) => turn.files))
  const later = groups.findIndex(
    (other, at) => at >= number && overlap(files, union(other.map((t) => t.files))) >= CONTINUED_OVERLAP,
  )
  const continued = later < 0 || files.size === 0 ? "" : `, continued in group ${later + 1}`
  const turns = group.length === 1 ? "1 turn" : `${group.length} turns`
  const count = `(${turns}, ${files.size === 1 ? "1 file" : `${files.size} files`}${continued})`
  const asked = group[0]?.asked ?? ""
  const answered = group.findLast((turn) => turn.answered !== "")?.answered ?? ""
  const text = [asked, answered].filter((sentence) => sentence !== "").join(" → ")
  const room = GIST_CHARS - `[group ${number}:  ${count}]`.length
  return `[group ${number}: ${text.slice(0, Math.max(room, 0)).toWellFormed()} ${count}]`
}

const HOUR_MS = 60 * 60_000

/** How much a group still matters: half by its age, half by the files it shares with the newest. */
export function relevance(group: TurnGroup, active: TurnGroup): number {
  const age = Math.max((active.at(-1)?.startedAt ?? 0) - (group.at(-1)?.startedAt ?? 0), 0) / HOUR_MS
  const files = overlap(union(group.map((turn) => turn.files)), union(active.map((turn) => turn.files)))
  return 0.5 / (1 + age) + 0.5 * files
}

/** The turns of which the model still sees what was done, in order. */
export function turnsIn(state: SessionState): TurnFacts[] {
  const startedAt = new Map<TurnId, Said>()
  for (const said of state.said) if (!startedAt.has(said.turnId)) startedAt.set(said.turnId, said)
  const itemsOf = new Map<TurnId, Item[]>()
  for (const item of state.items) {
    if (!("turnId" in item) || item.kind === "user_message") continue
    const items = itemsOf.get(item.turnId) ?? []
    itemsOf.set(item.turnId, items)
    items.push(item)
  }
  return [...itemsOf].map(([turnId, items]) => factsOf(turnId, items, startedAt.get(turnId)))
}

function factsOf(turnId: TurnId, items: readonly Item[], said: Said | undefined): TurnFacts {
  const calls = items.filter((item) => item.kind === "tool_call")
  const answer = items.findLast((item) => item.kind === "agent_message" && item.status !== "discarded")
  return {
    turnId,
    startedAt: said?.at ?? 0,
    busyMs: calls.reduce((sum, { result }) => sum + (result?.durationMs ?? 0), 0),
    files: new Set(calls.flatMap(({ locations }) => locations)),
    tools: new Set(calls.map(({ name }) => name)),
    isSettled: calls.every(({ result }) => result !== undefined),
    asked: sentence(wordsOf(said?.input ?? []), "first"),
    answered: answer?.kind === "agent_message" ? sentence(answer.text, "last") : "",
  }
}

function sentence(text: string, which: "first" | "last"): string {
  const sentences = text.trim().split(/(?<=[.!?])\s+|\n+/)
  const chosen = (which === "first" ? sentences[0] : sentences.at(-1)) ?? ""
  return chosen.length <= SENTENCE_CHARS ? chosen : `${chosen.slice(0, SENTENCE_CHARS - 1)}…`
}

/** What a group takes beside the person's words. */
function workTokens(items: readonly Item[], group: TurnGroup, tokens: TokensPort): number {
  const ids = new Set<string>(group.map(({ turnId }) => turnId))
  return items.reduce((sum, item) => {
    const isWork = "turnId" in item && item.kind !== "user_message" && ids.has(item.turnId)
    return isWork ? sum + itemTokens(item, tokens) : sum
  }, 0)
}

function union(sets: readonly ReadonlySet<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]))
}

/** Jaccard: how much two sets share of all they hold. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = union([a, b]).size
  return all === 0 ? 0 : [...a].filter((entry) => b.has(entry)).length / all
}
