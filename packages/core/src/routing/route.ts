import type { DurableDraft, InputPart, TypicalTurns } from "@skein/protocol"
import { contextSize, factsOf } from "../context/size.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import { isSpent } from "../turn/budget.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { chosen, type Offer, ROUTED } from "./choose.ts"
import { type Complexity, type Judgement, judge, TOKENS_GUESSED } from "./judge.ts"

/**
 * Gives a turn that begins the tier that its prompt needs, as a change of settings like a person's, and says so in one
 * line. Only models of the provider that is asked anyhow. What the person asked for by name is not touched: then the
 * session has no routing.
 */
export async function routeTurn(state: SessionState, ports: TurnPorts): Promise<void> {
  const { turn } = state
  const { routing, optimize = "balanced", model } = state.settings
  if (routing === undefined || turn === undefined) return
  // A turn that a crash left is gone on with as it was.
  if (turn.stepsEnded > 0 || turn.failures > 0 || turn.attempt !== undefined) return
  const prompt = promptOf(state, turn)
  const spent: DurableDraft[] = []
  const byModel = routing === "model" && !isSpent(state, ports) ? await judgedByModel(prompt, spent) : undefined
  const judged = byModel ?? judge(prompt)
  if (ports.signal.aborted) return ports.emit(spent)
  // Short words in the middle of work are part of it.
  const isUnderWay = state.todos.some(({ status }) => status !== "completed")
  const goesOn = judged.work === "continue" || (isUnderWay && judged.complexity === "trivial")
  const typical = optimize === "speed" ? await ports.typical() : undefined
  const offers = offersFor(state, judged.complexity, { ports, typical })
  const now = offers.find((offer) => offer.model === model)
  const offer = goesOn ? now : chosen(offers, judged.complexity, { optimize, now })
  await ports.emit([...spent, ...said(state, offer, judged)])

  async function judgedByModel(text: string, into: DurableDraft[]): Promise<Judgement | undefined> {
    const asked = await (await import("./ask-router.ts")).askRouter(state, text, ports)
    into.push(...asked.spent)
    return asked.judgement
  }
}

/** Each tier that has a model of the same provider; of two with one model and effort, the weaker. */
function offersFor(
  state: SessionState,
  complexity: Complexity,
  { ports, typical }: { readonly ports: TurnPorts; readonly typical: TypicalTurns | undefined },
): readonly Offer[] {
  const { model: asked } = state.settings
  const offers: Offer[] = []
  for (const tier of ROUTED) {
    const meant = ports.tierOf(tier, asked)
    if (meant === undefined || providerOf(meant.model) !== providerOf(asked)) continue
    const isKnown = offers.some(({ model, effort }) => model === meant.model && effort === meant.effort)
    const microUsd = guessedCost(state, meant.model, { complexity, ports })
    const turnMs = typical?.models.find(({ model }) => model === meant.model)?.turnMs
    if (!isKnown) offers.push({ tier, ...meant, microUsd, turnMs })
  }
  return offers
}

/** The conversation as this model would have to read it, and all that is guessed for the turn at its dearest. */
function guessedCost(
  state: SessionState,
  model: string,
  { complexity, ports }: { readonly complexity: Complexity; readonly ports: TurnPorts },
): number | undefined {
  const price = factsOf(model, ports.model)?.price
  if (price === undefined) return undefined
  const { contextTokens } = contextSize(state, ports)
  const isCached = model === state.settings.model && state.turnsEnded > 0
  const read = isCached ? (price.cacheRead ?? price.input) : (price.cacheWrite ?? price.input)
  return contextTokens * read + TOKENS_GUESSED[complexity] * price.output
}

function said(state: SessionState, offer: Offer | undefined, { work, complexity }: Judgement): DurableDraft[] {
  const notice = (text: string) => ({ type: "notice.posted", level: "info", text, code: "turn.routed" }) as const
  const { model, tier, effort } = state.settings
  if (offer === undefined)
    return [notice(`Routed to ${model}, which is asked already: nothing else is known to choose.`)]
  const what = work === "continue" ? "it goes on with what is under way" : `judged ${complexity}, ${WORDS[work]}`
  const isSame = offer.model === model && offer.tier === tier && offer.effort === effort
  const changes = { tier: offer.tier, model: offer.model, effort: offer.effort ?? null }
  return [
    ...(isSame ? [] : [{ type: "settings.changed", changes } as const]),
    notice(`Routed to ${offer.tier} (${offer.model}): ${what}.`),
  ]
}

const WORDS: Readonly<Record<Judgement["work"], string>> = {
  debug: "something to debug",
  search: "something to find",
  read: "something to explain",
  create: "something to make",
  refactor: "something to restructure",
  review: "something to review",
  plan: "something to plan",
  research: "something to look into",
  edit: "something to do",
  continue: "something under way",
}

function promptOf(state: SessionState, { turnId }: OpenTurn): string {
  const words = (input: readonly InputPart[]) => input.flatMap((part) => (part.type === "text" ? [part.text] : []))
  return state.said.flatMap((one) => (one.turnId === turnId ? words(one.input) : [])).join("\n")
}

function providerOf(model: string): string {
  return model.slice(0, model.indexOf("/"))
}
