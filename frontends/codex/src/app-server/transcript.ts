import type { Item, SessionView, TurnShown } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { plainId } from "../words.ts"
import { agentMessage, callItem, compaction, reasoning, shellItem, userMessage, webSearchItem } from "./items.ts"
import { errorOf, seconds, statusOf } from "./turns.ts"

interface Turn {
  readonly id: string
  readonly items: Item[]
}

/** The transcript by turns, in order, each with all of its items. */
export function turnsOf(view: SessionView): readonly Json[] {
  return grouped(view).map(({ id, items }) => {
    const shown = view.turns?.find(({ turnId }) => plainId(turnId) === id)
    const isRunning = view.runningTurn !== undefined && plainId(view.runningTurn) === id
    return {
      ...{ id, rootTurnId: id, itemsView: "full" },
      items: items.flatMap((item) => itemOf(item, view.cwd)),
      ...endOf(shown, isRunning, items),
    }
  })
}

/** A turn as a list shows it when nothing more is asked: what was said first, and what was said last. */
export function summaryOf(turn: Json): Json {
  const items = turn.items as readonly Json[]
  const said = items.find(({ type }) => type === "userMessage")
  const answer = items.findLast(({ type }) => type === "agentMessage")
  return { ...turn, items: [said, answer].filter((item) => item !== undefined), itemsView: "summary" }
}

/** The same without its items. */
export function bare(turn: Json): Json {
  return { ...turn, items: [], itemsView: "notLoaded" }
}

function endOf(shown: TurnShown | undefined, isRunning: boolean, items: readonly Item[]): Json {
  if (isRunning) {
    const startedAt = shown === undefined ? null : seconds(shown.startedAt)
    return { status: "inProgress", error: null, startedAt, completedAt: null, durationMs: null }
  }
  if (shown?.end === undefined) {
    const status = items.some(isCutShort) ? "interrupted" : "completed"
    return { status, error: null, startedAt: null, completedAt: null, durationMs: null }
  }
  const { startedAt, end } = shown
  return {
    ...{ status: statusOf(end.outcome), error: errorOf(end.outcome), startedAt: seconds(startedAt) },
    ...{ completedAt: seconds(end.at), durationMs: end.at - startedAt },
  }
}

/** What is of no turn of its own, as a person's command, is in the one that it came into, or a turn by itself. */
function grouped({ items }: SessionView): readonly Turn[] {
  const turns: Turn[] = []
  const put = (id: string, item: Item) => {
    const known = turns.find((turn) => turn.id === id)
    if (known === undefined) turns.push({ id, items: [item] })
    else known.items.push(item)
  }
  for (const [at, item] of items.entries()) {
    if ("turnId" in item) put(plainId(item.turnId), item)
    else if (item.kind === "shell") put(around(items, at) ?? plainId(item.callId), item)
    else if (item.kind === "compaction" && item.summary !== undefined) {
      const asked = item.opId === undefined ? undefined : plainId(item.opId)
      put(asked ?? turns.at(-1)?.id ?? plainId(item.eventId ?? ""), item)
    }
  }
  return turns
}

/** The turn that goes on around a place of the transcript. */
function around(items: readonly Item[], at: number): string | undefined {
  const before = items.slice(0, at).findLast((item) => "turnId" in item)
  const after = items.slice(at).find((item) => "turnId" in item)
  if (before === undefined || after === undefined || !("turnId" in before && "turnId" in after)) return undefined
  return before.turnId === after.turnId ? plainId(before.turnId) : undefined
}

function itemOf(item: Item, cwd: string): readonly Json[] {
  switch (item.kind) {
    case "user_message":
      return [userMessage(plainId(item.inputId), item.input)]
    case "agent_message":
      return item.text.trim() === "" ? [] : [agentMessage(plainId(item.itemId), item.text)]
    case "reasoning":
      return item.text.trim() === "" ? [] : [reasoning(plainId(item.itemId), item.text)]
    case "hosted_call":
      return item.isDiscarded ? [] : [webSearchItem(plainId(item.itemId), item)]
    case "shell":
      return [shellItem({ ...item, cwd }, { ...item.result, outcome: item.state })]
    case "compaction":
      return [compaction(plainId(item.opId ?? item.eventId ?? ""))]
    case "tool_call": {
      if (item.defect !== undefined) return []
      const { name, input, locations, result, state } = item
      const facts = { id: plainId(item.callId), name, input, locations, cwd }
      const isSettled = state === "success" || state === "error" || state === "cancelled"
      return [callItem(facts, result === undefined || !isSettled ? undefined : { ...result, state })]
    }
    default:
      return []
  }
}

function isCutShort(item: Item): boolean {
  if (item.kind === "agent_message" || item.kind === "reasoning") return item.status === "interrupted"
  return item.kind === "tool_call" && item.state === "cancelled"
}
