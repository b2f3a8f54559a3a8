import { briefOf } from "../context/brief.ts"
import { digest } from "../context/digest.ts"
import { hasWork, SUMMARY_TOKENS_MAX, summaryOf } from "../context/relief.ts"
import { roomIn } from "../context/room.ts"
import { utf8Bytes } from "../context/sha256.ts"
import { contextSize, factsOf, windowOf } from "../context/size.ts"
import { conversationText } from "../context/summary.ts"
import type { SessionState } from "../transcript/state.ts"
import { isSpent } from "./budget.ts"
import { complete } from "./complete.ts"
import type { TurnPorts } from "./ports.ts"
import { plainRequest } from "./write-summary.ts"

/** What a new session begins with so that it can go on where this one stands. */
export interface Handoff {
  readonly text: string
  readonly by: "model" | "rule"
}

const BYTES_MAX = 16_000

/**
 * Written by the model, or by rule when it cannot: Goal, Progress, Files, State, Next steps, Key context; at most 16 kB.
 * What it cost goes into this session's log. Throws the signal's reason when it was stopped.
 */
export async function handoffText(state: SessionState, goal: string | undefined, ports: TurnPorts): Promise<Handoff> {
  const byRule = { text: within(ruleText(state, goal, ports), BYTES_MAX), by: "rule" } as const
  if (!hasWork(state)) return byRule
  const choice = ports.taskFor("handoff", state.settings.model)
  if (isSpent(state, ports) || choice.kind !== "model") return byRule
  const asked = request(state, { goal, model: choice.model }, ports)
  const { text, failure, isInterrupted, spent } = await complete(asked, "handoff", ports)
  await ports.emit(spent)
  if (isInterrupted) throw ports.signal.reason
  return failure === undefined ? { text: within(text.trim(), BYTES_MAX), by: "model" } : byRule
}

const INSTRUCTIONS = `You hand the work of a coding agent over to another session of it that knows nothing of this one. Write what it must
know, in these sections, each with its heading:
Goal: what is to be achieved.
Progress: what was done, what was decided and why.
Files: the files that matter, with what was learned of each.
State: how things stand now: what works, what is broken, with exact messages.
Next steps: what to do next, in order.
Key context: what the person asked for and corrected, in their own words; commands, names and limits to keep to.

Be exact and do not invent. Answer with the sections alone.`

/** Seven tenths of the window, of three characters a token. */
const INPUT_CHARS_PER_TOKEN = 0.7 * 3

interface Asked {
  readonly goal: string | undefined
  readonly model: string
}

function request(state: SessionState, { goal, model }: Asked, ports: TurnPorts) {
  const { contextTokens, density } = contextSize(state, ports)
  const contextTokensMax = windowOf(model, ports.model)
  const charsMax = Math.floor(
    Math.min(contextTokensMax ?? contextTokens, contextTokens) * (INPUT_CHARS_PER_TOKEN / density),
  )
  const aim = goal ?? state.goal
  const wish = aim === undefined ? "" : `\n\nThe goal of the new session, in the person's words:\n${aim}`
  const earlier = summaryOf(state)
  const before = earlier === undefined ? "" : `What came before, summed up:\n${earlier}\n\n`
  return {
    model,
    ...plainRequest(`${INSTRUCTIONS}${wish}`, `${before}${conversationText(state.items, charsMax)}`),
    outputTokensMax: Math.min(SUMMARY_TOKENS_MAX, factsOf(model, ports.model)?.outputTokensMax ?? SUMMARY_TOKENS_MAX),
    cacheKey: state.sessionId,
  }
}

/** Every section within its share, so that none pushes another out. */
function ruleText(state: SessionState, goal: string | undefined, { tokens }: TurnPorts): string {
  const room = roomIn(RULE_ROOM_TOKENS)
  const { sections } = briefOf(state, { room, tokens, touched: [], hasNewest: false, isTight: true })
  const of = (source: string) => sections.find((section) => section.source === source)?.text
  const progress = [summaryOf(state)?.slice(-SECTION_CHARS), digest(state.items, SECTION_CHARS)]
  const open = state.lastOutcome?.kind ?? "nothing was tried yet"
  const texts: readonly (readonly [heading: string, text: string | undefined])[] = [
    ["Goal", goal ?? of("goal") ?? of("person")],
    ["Progress", progress.filter(Boolean).join("\n\n")],
    ["Files", of("files")],
    ["State", `The newest turn: ${open}.`],
    ["Next steps", [of("plan"), of("todos")].filter(Boolean).join("\n\n")],
    ["Key context", of("person")],
  ]
  return texts.map(([heading, text]) => `# ${heading}\n\n${text || "Nothing is known."}`).join("\n\n")
}

/** Gives the person's words, goal, plan and list 8,000 characters. */
const RULE_ROOM_TOKENS = 7_000
const SECTION_CHARS = 2_000

/** The head of a text within so many bytes. */
function within(text: string, bytesMax: number): string {
  let head = text
  while (utf8Bytes(head) > bytesMax) head = head.slice(0, head.length - Math.ceil((utf8Bytes(head) - bytesMax) / 3))
  return head.toWellFormed()
}
