import type { CallId, Event, EventOf, ItemId } from "@skein/protocol"

/** What is on the screen so far, as far as it decides what comes next. */
export interface Drawn {
  /** The newest line has no newline yet. */
  readonly isMidLine: boolean
  /** Messages whose text was streamed already. */
  readonly shownItems: ReadonlySet<ItemId>
  readonly titles?: ReadonlyMap<CallId, string>
}

/** Pure: the text an event adds to the screen, and the screen after it. Text is only ever added. */
export function draw(event: Event, before: Drawn): { readonly text: string; readonly drawn: Drawn } {
  const fresh = before.isMidLine ? "\n" : ""
  const line = (text: string) => ({ text: `${fresh}${text}\n`, drawn: { ...before, isMidLine: false } })
  switch (event.type) {
    case "item.delta": {
      if (event.channel !== "text") return nothing(before)
      const isFirst = !before.shownItems.has(event.itemId)
      const text = `${isFirst ? `${fresh}\n  ` : ""}${indented(event.text)}`
      return { text, drawn: { ...before, isMidLine: true, shownItems: new Set([...before.shownItems, event.itemId]) } }
    }
    case "item.completed": {
      const isShown = before.shownItems.has(event.itemId) || event.kind !== "agent_message"
      if (isShown) return before.isMidLine ? endLine(before) : nothing(before)
      return line(`\n  ${indented(event.text)}`)
    }
    case "call.requested":
      return {
        text: "",
        drawn: { ...before, titles: new Map([...(before.titles ?? []), [event.callId, event.title]]) },
      }
    case "call.started":
      return line(`  … ${titleOf(event.callId, before)}`)
    case "call.settled":
      return line(settled(event, before))
    case "approval.requested":
      return { text: `${fresh}${asked(event, before)}`, drawn: { ...before, isMidLine: false } }
    case "retry.scheduled":
      return line(`  waits ${((event.atMs - event.at) / 1_000).toFixed(1)} s, then tries again: ${event.message}`)
    case "step.discarded":
      return before.isMidLine ? line("  [the answer broke off and is asked for again]") : nothing(before)
    case "notice.posted":
      return line(`  ${event.text}`)
    case "turn.ended":
      return ended(event, line, before)
    default:
      return nothing(before)
  }
}

function nothing(drawn: Drawn) {
  return { text: "", drawn }
}

function endLine(before: Drawn) {
  return { text: "\n", drawn: { ...before, isMidLine: false } }
}

function ended(event: EventOf<"turn.ended">, line: (text: string) => ReturnType<typeof nothing>, before: Drawn) {
  const { outcome } = event
  if (outcome.kind === "completed") return before.isMidLine ? endLine(before) : nothing(before)
  return line(outcome.kind === "interrupted" ? "  stopped" : `  ✗ ${outcome.message}`)
}

function settled(event: EventOf<"call.settled">, before: Drawn): string {
  const mark = { success: "✓", error: "✗", cancelled: "–" }[event.outcome]
  const summary = event.forHuman?.summary
  return `  ${mark} ${titleOf(event.callId, before)}${summary === undefined ? "" : `  ${summary}`}`
}

const DIFF_LINES_MAX = 60

function asked(event: EventOf<"approval.requested">, before: Drawn): string {
  const title = event.callId === undefined ? event.subject : titleOf(event.callId, before)
  const actions = event.actions.map(({ verb, target }) => `    ${verb.padEnd(8)} ${target}`)
  const diffs = event.actions.flatMap(({ diff }) => (diff ?? "").split("\n").filter((text) => text !== ""))
  const shown = diffs.slice(0, DIFF_LINES_MAX).map((text) => `    ${text}`)
  const more = diffs.length > DIFF_LINES_MAX ? [`    ⋯ ${diffs.length - DIFF_LINES_MAX} more lines`] : []
  const keys = event.options.includes("allow_always")
    ? "y once · s this session · n no · f <what instead>"
    : "y once · n no · f <what instead>"
  return [
    `  ◌ ${title}`,
    ...actions,
    ...shown,
    ...more,
    `    asks     ${event.reasons.join("; ")}`,
    `  ${keys}: `,
  ].join("\n")
}

function titleOf(callId: CallId, { titles }: Drawn): string {
  return titles?.get(callId) ?? callId
}

function indented(text: string): string {
  return text.replaceAll("\n", "\n  ")
}
