import {
  type CommandReply,
  OPTIMIZES,
  type Optimize,
  type SessionId,
  type SettingsChange,
  TIERS,
  type Tier,
  type TierInfo,
} from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { type CommandWorld, defineCommand, usageReply } from "./command.ts"
import { counted, money } from "./text.ts"

/** What each tier is for, in a few words. */
const MEANINGS: Readonly<Record<Tier, string>> = {
  smart: "the model you work with",
  rush: "cheap and fast",
  free: "costs nothing",
  deep: "the strongest, thinking hard",
}

const AUTO_MEANING = "each prompt gets smart, rush or deep, as it needs"

export const tier = defineCommand({
  name: "tier",
  summary: "Choose the model by what it is for, from the next step on.",
  usage: `[${TIERS.join("|")}|auto]`,
  whileBusy: true,
  async run(args, world) {
    const { ask, facts, sessionId } = world
    const found = tierNamed(args)
    if (found !== undefined) return toTier(found, world)
    const [first = "", second] = args.split(/\s+/)
    const optimize = OPTIMIZES.find((one) => one === second)
    if (first === "auto" && (second === undefined || optimize !== undefined)) return toAuto(sessionId, optimize)
    if (args !== "") return usageReply(tier, `There is no tier ${args}.`)
    const [{ settings }, infos] = await Promise.all([facts(), ask({ type: "tiers.list", sessionId })])
    const named = settings.tier === undefined ? `The model is ${settings.model}` : `The tier is ${settings.tier}`
    const now = settings.routing === undefined ? named : `${named}, chosen by the prompt`
    const choices = [
      ...infos.map((info) => ({ label: info.tier, detail: detailOf(info), command: `tier ${info.tier}` })),
      { label: "auto", detail: AUTO_MEANING, command: "tier auto" },
    ]
    return { kind: "choose", title: `${now}. Which one instead?`, choices }
  },
})

export const smart = oneTier("smart", "Ask the model you work with, after /rush.")
export const rush = oneTier("rush", "Ask a cheap and fast model of the same provider.")

function oneTier(name: Tier, summary: string) {
  return defineCommand({
    name,
    summary,
    usage: "",
    whileBusy: true,
    run: (_, world) => toTier(name, world),
  })
}

export function tierNamed(text: string): Tier | undefined {
  return TIERS.find((name) => name === text)
}

/** The engine knows which model that is, or says what to configure. */
export async function toTier(tier: Tier, world: CommandWorld): Promise<CommandReply> {
  const note = await cacheNote(world, { kind: "settings", tier })
  const done = `The tier is ${tier}: ${MEANINGS[tier]}. /status says which model that is.${note}`
  return changed(world.sessionId, { tier }, done)
}

function toAuto(sessionId: SessionId, optimize: Optimize | undefined): CommandReply {
  const done = `From the next prompt on ${AUTO_MEANING}, and a line says which. A model or a tier by its name ends it.`
  return changed(sessionId, { routing: "auto", optimize }, done)
}

function changed(sessionId: SessionId, changes: SettingsChange, done: string): CommandReply {
  return { kind: "ops", ops: [{ type: "settings.change", sessionId, changes }], done }
}

/** Prices are the list's, the turn and the time are the person's own: where there is none, it says so. */
function detailOf({ tier, model, effort, price, turnMicroUsd, turnMs, turns, blocker }: TierInfo): string {
  if (blocker !== undefined || model === undefined) return `${MEANINGS[tier]}: ${blocker ?? "not known"}`
  const who = effort === undefined ? model : `${model}, effort ${effort}`
  const list = price === undefined ? "price not known" : `$${price.input} in, $${price.output} out a million`
  const turn = turnMicroUsd === undefined ? "cost of a turn not known" : `a turn like yours ${money(turnMicroUsd)}`
  const wait =
    turnMs === undefined ? "wait not known" : `${(turnMs / 1_000).toFixed(1)} s in your ${counted(turns ?? 0, "turn")}`
  return [who, list, turn, wait].join("; ")
}
