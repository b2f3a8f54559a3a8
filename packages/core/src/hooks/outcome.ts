import type { HookAnswer } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import type { HookOutcome, HookRun } from "../ports/index.ts"

export const NOTHING_SAID: HookOutcome = { messages: [], ran: [] }

/** What one reason or message may take, and what hooks may add to the conversation at one point. */
const SENTENCE_CHARS_MAX = 2_000
const CONTEXT_CHARS_MAX = 16_000
const OUTPUT_CHARS_MAX = 64_000
const MESSAGES_MAX = 10
const RUNS_MAX = 50

/** What all said together: no before yes, whoever says it; arguments and output of whoever says them last. Pure. */
export function joined(outcomes: readonly HookOutcome[]): HookOutcome {
  const decisions = outcomes.flatMap(({ decision }) => decision ?? [])
  const decision = STRICTEST_FIRST.find((each) => decisions.includes(each))
  const saysIt = outcomes.filter((each) => each.decision === decision && each.reason !== undefined)
  return {
    block: reasonOf(outcomes.flatMap(({ block }) => block ?? [])),
    stop: reasonOf(outcomes.flatMap(({ stop }) => stop ?? [])),
    decision,
    reason: sentences(saysIt.flatMap(({ reason }) => reason ?? [])),
    input: outcomes.findLast(({ input }) => input !== undefined)?.input,
    output: outcomes.findLast(({ output }) => output !== undefined)?.output,
    context: sentences(
      outcomes.flatMap(({ context }) => context ?? []),
      "\n\n",
    ),
    messages: outcomes.flatMap(({ messages }) => messages),
    ran: outcomes.flatMap(({ ran }) => ran),
  }
}

const STRICTEST_FIRST = ["deny", "ask", "allow"] as const

function reasonOf(said: readonly { readonly reason: string }[]): { readonly reason: string } | undefined {
  const reason = sentences(said.map((each) => each.reason))
  return said.length === 0 ? undefined : { reason: reason ?? "" }
}

function sentences(texts: readonly string[], gap = " "): string | undefined {
  return texts.length === 0 ? undefined : texts.join(gap)
}

/** Within what a log and a model are given of it, whoever said it. Pure. */
export function boundedOutcome(outcome: HookOutcome): HookOutcome {
  const { block, stop, reason, output, context, messages, ran } = outcome
  const sentence = (text: string) => cut(text.trim(), SENTENCE_CHARS_MAX)
  return {
    ...outcome,
    block: block && { reason: sentence(block.reason) },
    stop: stop && { reason: sentence(stop.reason) },
    reason: reason === undefined ? undefined : sentence(reason),
    output: output === undefined ? undefined : cut(output, OUTPUT_CHARS_MAX),
    context: context === undefined || context.trim() === "" ? undefined : cut(context.trim(), CONTEXT_CHARS_MAX),
    messages: messages
      .map(sentence)
      .filter((text) => text !== "")
      .slice(0, MESSAGES_MAX),
    ran: ran.slice(0, RUNS_MAX).map((run) => ({ ...run, message: run.message && sentence(run.message) })),
  }
}

/** What a client answered, as one hook that ran. Pure. */
export function outcomeOfAnswer(
  answer: HookAnswer,
  { hook, file, durationMs }: Pick<HookRun, "hook" | "file" | "durationMs">,
): HookOutcome {
  const { messages = [], isUnheard, ...said } = answer
  if (isUnheard === true) return NOTHING_SAID
  const isNo = said.block !== undefined || said.stop !== undefined || said.decision === "deny"
  const message = said.block?.reason ?? said.stop?.reason ?? said.reason
  const isChange = said.input !== undefined || said.output !== undefined || said.context !== undefined
  const outcome = isNo ? "blocked" : isChange || said.decision !== undefined ? "changed" : "passed"
  const run: HookRun = { hook, file, outcome, durationMs, ...(message === undefined ? {} : { message }) }
  return { ...said, messages, ran: [run] }
}
