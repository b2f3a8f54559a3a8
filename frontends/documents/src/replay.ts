import { type DurableEvent, type EventOf, hostedWords, type InputPart, visible } from "@skein/protocol"
import { dateOf, duration } from "./story.ts"

/** Lines shown of what a call gave. */
const OUTPUT_LINES_MAX = 12

/** A session as it was seen in a terminal, each thing with its time, from the events of its log. Times are UTC. */
export function replayOf(events: readonly DurableEvent[]): string {
  const titles = new Map<string, string>()
  return events
    .flatMap((event) => {
      if (event.type === "call.requested")
        titles.set(
          event.callId,
          event.title === event.name ? event.name : `${event.name} ${event.title.replace(`${event.name} `, "")}`,
        )
      return lines(event, titles).map((line, at) => {
        const text = visible(line).replaceAll("\n", " ")
        return `${at === 0 ? timeOf(event.at) : " ".repeat(8)}  ${text}`.trimEnd()
      })
    })
    .join("\n")
    .concat("\n")
}

function lines(event: DurableEvent, titles: ReadonlyMap<string, string>): readonly string[] {
  switch (event.type) {
    case "session.created":
      return [`session in ${event.workspace.path}, ${dateOf(event.at)}, ${event.settings.model}`]
    case "session.changed":
      return event.title === undefined ? [] : [`titled: ${event.title}`]
    case "session.rewound":
      return ["went back in the conversation"]
    case "turn.started":
      return event.input.length === 0 ? [] : indented("› ", partsText(event.input))
    case "turn.steered":
      return event.inputs.flatMap(({ input }) => indented("› ", partsText(input)))
    case "item.completed":
      return event.kind === "reasoning" ? indented("… ", bounded(event.text)) : indented("  ", event.text)
    case "call.started":
      return [`● ${titles.get(event.callId) ?? event.callId}`]
    case "shell.started":
      return event.isPrivate ? [] : [`! ${event.command}`]
    case "shell.ended":
      if (event.isPrivate) return []
      return settledLines(`! ${event.command}`, event)
    case "call.settled":
      return settledLines(titles.get(event.callId) ?? event.callId, event)
    case "approval.requested":
      return [`◌ asks: ${event.actions.map(({ verb, target }) => `${verb} ${target}`).join("; ")}`]
    case "approval.resolved":
      return [`  answered: ${event.answer.replaceAll("_", " ")}`]
    case "context.compacted":
      return ["older context was compacted"]
    case "hosted_call.completed":
      return [hostedWords(event)]
    case "notice.posted":
      return [`${event.level}: ${event.text}`]
    case "turn.ended":
      return [event.outcome.kind === "failed" ? `failed: ${event.outcome.message}` : `${event.outcome.kind}`]
    default:
      return []
  }
}

/** A call, or a command that the person ran, that is over. */
function settledLines(title: string, event: EventOf<"call.settled"> | EventOf<"shell.ended">): readonly string[] {
  const mark = event.outcome === "success" ? "✓" : "✗"
  const facts = [
    event.exitCode === undefined ? "" : `exit ${event.exitCode}`,
    event.durationMs < 1_000 ? "" : duration(event.durationMs),
  ]
  const told = facts.filter((fact) => fact !== "").join(", ")
  const head = `${mark} ${title}${told === "" ? "" : `  (${told})`}`
  const text = event.forHuman?.body ?? partsText(event.forModel)
  return [head, ...(text.trim() === "" ? [] : indented("  ┊ ", bounded(text), "  ┊ "))]
}

function partsText(parts: readonly InputPart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "[picture]")).join("\n")
}

function bounded(text: string): string {
  const all = text.trimEnd().split("\n")
  const more = all.length - OUTPUT_LINES_MAX
  return more <= 0 ? all.join("\n") : [...all.slice(0, OUTPUT_LINES_MAX), `⋯ ${more} more lines`].join("\n")
}

function indented(first: string, text: string, next = " ".repeat(first.length)): string[] {
  return visible(text)
    .trimEnd()
    .split("\n")
    .map((line, at) => `${at === 0 ? first : next}${line}`)
}

function timeOf(at: number): string {
  return at > 0 && at < 8.64e15 ? new Date(at).toISOString().slice(11, 19) : "--:--:--"
}
