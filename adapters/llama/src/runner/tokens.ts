import type { Addon, AddonContext, AddonModel, AddonSampler, SamplerConfig } from "./addon.ts"
import type { ChatOptions } from "./chat.ts"
import type { Prompt } from "./prompt.ts"

/** A model that is in memory, with its window. */
export interface Loaded {
  readonly addon: Addon
  readonly model: AddonModel
  readonly context: AddonContext
  /** What the context holds now: the next prompt pays only for what differs. */
  readonly held: number[]
}

const BATCH_TOKENS = 512

/** The tokens of a prompt, with the one that begins a text where the model wants it. */
export function tokensOf({ pieces: parts }: Prompt, model: AddonModel): readonly number[] {
  const tokens = parts.flatMap(({ text, isSaid }) => [...model.tokenize(text, !isSaid)])
  const isBegun = !model.shouldPrependBosToken() || tokens[0] === model.tokenBos()
  return isBegun ? tokens : [model.tokenBos(), ...tokens]
}

/** Brings the context to hold exactly these tokens. Gives where to sample from; undefined when it was stopped. */
export async function evaluate(
  { context, held }: Loaded,
  tokens: readonly number[],
  isStopped: () => boolean,
): Promise<number | undefined> {
  let shared = 0
  // The last token is evaluated anew, as its outcome is what is sampled from.
  while (shared < Math.min(held.length, tokens.length - 1) && held[shared] === tokens[shared]) shared += 1
  if (shared < held.length && !context.removeTokenCellsFromSequence(0, shared, -1)) {
    context.disposeSequence(0)
    shared = 0
  }
  held.length = shared
  let place: number | undefined
  while (held.length < tokens.length) {
    if (isStopped()) return undefined
    const batch = Uint32Array.from(tokens.slice(held.length, held.length + BATCH_TOKENS))
    const isLast = held.length + batch.length === tokens.length
    context.initBatch(batch.length)
    place = context.addToBatch(0, held.length, batch, isLast ? Uint32Array.of(batch.length - 1) : new Uint32Array())[0]
    await context.decodeBatch()
    held.push(...batch)
  }
  return place
}

/** Takes in one token. Gives where to sample the next from. */
export async function step({ context, held }: Loaded, token: number): Promise<number> {
  context.initBatch(1)
  const [place = 0] = context.addToBatch(0, held.length, Uint32Array.of(token), Uint32Array.of(0))
  await context.decodeBatch()
  held.push(token)
  return place
}

/** The usual ways of llama.cpp; what has to fit a grammar is said with less chance. */
export function samplerFor(
  { addon, model }: Loaded,
  options: ChatOptions | undefined,
  grammar: string | undefined,
): AddonSampler {
  const sampler = new addon.AddonSampler(model)
  const { temperature = grammar === undefined ? 0.7 : 0.3, seed = 1 } = options ?? {}
  const config: SamplerConfig = { temperature, topK: 40, topP: 0.95, minP: 0.05, seed }
  if (grammar === undefined) sampler.applyConfig(config)
  else {
    const rules = new addon.AddonGrammar(grammar, { addonExports: addon, rootRuleName: "root" })
    sampler.applyConfig({ ...config, grammarEvaluationState: new addon.AddonGrammarEvaluationState(model, rules) })
  }
  return sampler
}

/** Text of tokens that come one by one: a character may take several, and a blank hangs on the token before. */
export function pieces(model: AddonModel) {
  let before: number[] = []
  let pending: number[] = []
  const take = (): string => {
    const said = model.detokenize(Uint32Array.from(before), true)
    const text = model.detokenize(Uint32Array.from([...before, ...pending]), true).slice(said.length)
    before = [...before, ...pending].slice(-TOKENS_BEFORE)
    pending = []
    return text
  }
  return {
    next(token: number): string {
      pending.push(token)
      const isHalf =
        pending.length < BYTES_OF_CHARACTER && model.detokenize(Uint32Array.from(pending), true).endsWith("\u{FFFD}")
      return isHalf ? "" : take()
    },
    end: () => (pending.length === 0 ? "" : take()),
  }
}

const BYTES_OF_CHARACTER = 4
const TOKENS_BEFORE = 4
