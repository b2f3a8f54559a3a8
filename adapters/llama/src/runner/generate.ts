import type { AddonSampler } from "./addon.ts"
import type { ChatBody, ChatCall, ChatLine } from "./chat.ts"
import { callGrammar, callIn, valueGrammar } from "./grammar.ts"
import type { Prompt } from "./prompt.ts"
import { listener, type Spoken } from "./spoken.ts"
import { evaluate, type Loaded, pieces, samplerFor, step, tokensOf } from "./tokens.ts"

export interface Generation {
  readonly body: ChatBody
  readonly prompt: Prompt
  readonly isStopped: () => boolean
  readonly say: (line: ChatLine) => void
}

/** A call that is longer is a model that runs on. */
const CALL_TOKENS_MAX = 8_192

/** One reply, line by line. Ends with a line that has `done`, with an `error`, or without a word when it is stopped. */
export async function generate(loaded: Loaded, generation: Generation): Promise<void> {
  const { body, prompt, isStopped, say } = generation
  const tokens = tokensOf(prompt, loaded.model)
  const window = loaded.context.getContextSize()
  if (tokens.length >= window) {
    say({ error: `The prompt of ${tokens.length} tokens exceeds the available context of ${window} tokens` })
    return
  }
  const at = await evaluate(loaded, tokens, isStopped)
  if (at === undefined) return
  const tokensMax = Math.min(body.options?.num_predict ?? window, window - tokens.length)
  const spoken = await speak(loaded, generation, { at, tokensMax })
  const called = spoken.end === "call" && !isStopped() ? await call(loaded, generation, spoken.at) : undefined
  if (isStopped()) return
  if (called !== undefined) {
    say({ message: { role: "assistant", content: "", tool_calls: [called.call] }, done: false })
  }
  say({
    message: { role: "assistant", content: "" },
    done: true,
    done_reason: spoken.end === "length" ? "length" : "stop",
    prompt_eval_count: tokens.length,
    eval_count: spoken.count + (called?.count ?? 0),
  })
}

interface Said {
  readonly end: "stop" | "length" | "call"
  readonly count: number
  /** Where the next token would be sampled from. */
  readonly at: number
}

/** Lets the model speak until it ends, calls, or has no room left. */
async function speak(
  loaded: Loaded,
  { body, prompt, isStopped, say }: Generation,
  { at, tokensMax }: { readonly at: number; readonly tokensMax: number },
): Promise<Said> {
  const hasTools = (body.tools ?? []).length > 0 && body.format === undefined
  const ear = listener({ hasTools, stops: prompt.stops })
  const writer = pieces(loaded.model)
  const sampler = samplerFor(loaded, body.options, body.format === undefined ? undefined : valueGrammar(body.format))
  const tell = (heard: readonly Spoken[]) => {
    for (const spoken of heard) tellOne(spoken, say)
  }
  let place = at
  try {
    for (let count = 0; count < tokensMax && !isStopped(); count += 1) {
      const token = await loaded.context.sampleToken(place, sampler)
      if (token < 0 || loaded.model.isEogToken(token)) return { end: "stop", count, at: place }
      const heard = ear.hear(writer.next(token))
      tell(heard)
      const last = heard.at(-1)?.kind
      if (last === "stop") return { end: "stop", count: count + 1, at: place }
      place = await step(loaded, token)
      if (last === "call") return { end: "call", count: count + 1, at: place }
    }
    return { end: "length", count: tokensMax, at: place }
  } finally {
    sampler.dispose()
    if (!isStopped()) tell([...ear.hear(writer.end()), ...ear.end()].filter(({ kind }) => kind !== "call"))
  }
}

/** From here on nothing can be said but a call of one of the tools. Throws when the room ends inside it. */
async function call(
  loaded: Loaded,
  { body, isStopped }: Generation,
  at: number,
): Promise<{ call: ChatCall; count: number }> {
  const sampler = samplerFor(loaded, body.options, callGrammar(body.tools ?? []))
  try {
    return await called(loaded, sampler, { at, isStopped })
  } finally {
    sampler.dispose()
  }
}

async function called(
  loaded: Loaded,
  sampler: AddonSampler,
  { at, isStopped }: { readonly at: number; readonly isStopped: () => boolean },
): Promise<{ call: ChatCall; count: number }> {
  const writer = pieces(loaded.model)
  const room = Math.min(CALL_TOKENS_MAX, loaded.context.getContextSize() - loaded.held.length - 1)
  let text = ""
  let place = at
  for (let count = 1; count <= room && !isStopped(); count += 1) {
    const token = await loaded.context.sampleToken(place, sampler)
    if (token < 0 || loaded.model.isEogToken(token)) break
    text += writer.next(token)
    const whole = callIn(text)
    if (whole !== undefined) return { call: { function: whole }, count }
    place = await step(loaded, token)
  }
  if (isStopped()) return { call: { function: { name: "", arguments: {} } }, count: 0 }
  throw new Error("The model began a call and did not end it within its window")
}

function tellOne(spoken: Spoken, say: (line: ChatLine) => void): void {
  if (spoken.kind === "content") say({ message: { role: "assistant", content: spoken.text }, done: false })
  if (spoken.kind === "thinking") {
    say({ message: { role: "assistant", content: "", thinking: spoken.text }, done: false })
  }
}
