import type { DurableDraft } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import { complete } from "../turn/complete.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { smallRequest, textContent } from "../turn/small-request.ts"
import { COMPLEXITIES, type Judgement, WORK } from "./judge.ts"

/** What a small model thinks of a prompt; no judgement where there is none, or its answer is of no use. */
export interface Routed {
  readonly judgement: Judgement | undefined
  readonly spent: readonly DurableDraft[]
}

/** A person waits: whoever has not answered by then is not waited for. */
const DEADLINE_MS = 5_000
const PROMPT_CHARS_MAX = 4_000
const OUTPUT_TOKENS_MAX = 300

export async function askRouter(state: SessionState, prompt: string, ports: TurnPorts): Promise<Routed> {
  const choice = ports.taskFor("router", state.settings.model)
  if (choice.kind !== "model") return { judgement: undefined, spent: [] }
  const deadline = within(DEADLINE_MS, ports)
  const request = smallRequest({
    ...{ model: choice.model, instructions: INSTRUCTIONS, outputTokensMax: OUTPUT_TOKENS_MAX },
    ...{ sessionId: state.sessionId, purpose: "router", content: textContent(prompt, PROMPT_CHARS_MAX) },
  })
  try {
    const { text, failure, spent } = await complete(request, "router", { ...ports, signal: deadline.signal })
    return { judgement: failure === undefined ? judgementIn(text) : undefined, spent }
  } finally {
    deadline.end()
  }
}

const INSTRUCTIONS = `Judge how hard the following request to a coding agent is. Do not do what it asks for. Answer with one JSON object and \
nothing else: {"complexity": ${oneOf(COMPLEXITIES)}, "work": ${oneOf(WORK)}}. trivial: a glance. expert: needs long thought. \
continue: it only says to go on.`

function oneOf(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(" | ")
}

function judgementIn(text: string): Judgement | undefined {
  const complexity = COMPLEXITIES.find((word) => word === wordOf(text, "complexity"))
  const work = WORK.find((word) => word === wordOf(text, "work"))
  return complexity === undefined || work === undefined ? undefined : { complexity, work }
}

/** Read without a parser: what stands around the object is of no interest, and its values are words of a list. */
function wordOf(text: string, key: string): string | undefined {
  return new RegExp(`"${key}"\\s*:\\s*"(\\w+)"`).exec(text.slice(0, PROMPT_CHARS_MAX))?.[1]
}

/** A signal that follows the turn's, and aborts by itself. */
function within(ms: number, { clock, signal }: TurnPorts) {
  const own = new AbortController()
  const over = new AbortController()
  const follow = () => own.abort(signal.reason)
  if (signal.aborted) follow()
  signal.addEventListener("abort", follow, { once: true })
  clock.sleep(ms, over.signal).then(
    () => own.abort(new Error("It took too long")),
    () => undefined,
  )
  return {
    signal: own.signal,
    end() {
      signal.removeEventListener("abort", follow)
      over.abort()
    },
  }
}
