import { type CommandReply, TIERS, type Tier } from "@skein/protocol"
import { cacheNote } from "./cache-note.ts"
import { type CommandWorld, defineCommand, usageReply } from "./command.ts"

/** What each tier is for, in a few words. */
const MEANINGS: Readonly<Record<Tier, string>> = {
  smart: "the model you work with",
  rush: "cheap and fast",
  free: "costs nothing",
  deep: "the strongest, thinking hard",
}

export const tier = defineCommand({
  name: "tier",
  summary: "Choose the model by what it is for, from the next step on.",
  usage: `[${TIERS.join("|")}]`,
  whileBusy: true,
  async run(args, world) {
    const { facts } = world
    const found = tierNamed(args)
    if (found !== undefined) return toTier(found, world)
    if (args !== "") return usageReply(tier, `There is no tier ${args}.`)
    const { settings } = await facts()
    const now = settings.tier === undefined ? `The model is ${settings.model}` : `The tier is ${settings.tier}`
    const choices = TIERS.map((name) => ({ label: name, detail: MEANINGS[name], command: `tier ${name}` }))
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
  const ops = [{ type: "settings.change", sessionId: world.sessionId, changes: { tier } }] as const
  const note = await cacheNote(world, { kind: "settings", tier })
  return { kind: "ops", ops, done: `The tier is ${tier}: ${MEANINGS[tier]}. /status says which model that is.${note}` }
}
