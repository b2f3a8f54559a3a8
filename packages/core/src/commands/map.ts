import { defineCommand, usageReply } from "./command.ts"

const TOKENS_USUAL = 2_000
const TOKENS_MIN = 100
const TOKENS_MAX = 20_000

export const map = defineCommand({
  name: "map",
  summary: "Put a map of the repository into the context, or take it out.",
  usage: "[on|off|TOKENS]",
  whileBusy: true,
  async run(args, { facts, sessionId }) {
    const { repoMapTokens: now = 0 } = (await facts()).settings
    if (args === "") {
      const text =
        now === 0
          ? `No map of the repository stands in the context. /map on puts one of ${TOKENS_USUAL} tokens there.`
          : `A map of ${now} tokens stands in the context. /map off takes it out.`
      return { kind: "show", text }
    }
    const tokens = args === "on" ? now || TOKENS_USUAL : args === "off" ? 0 : Number(args)
    const isMeant = tokens === 0 || (Number.isInteger(tokens) && tokens >= TOKENS_MIN && tokens <= TOKENS_MAX)
    if (!isMeant) return usageReply(map, `It is on, off, or ${TOKENS_MIN} to ${TOKENS_MAX} tokens, not ${args}.`)
    const ops = [{ type: "settings.change", sessionId, changes: { repoMapTokens: tokens } }] as const
    const done =
      tokens === 0
        ? "No map of the repository stands in the context any more."
        : `A map of ${tokens} tokens stands in the context.`
    return { kind: "ops", ops, done: `${done} From the next prompt on; the provider reads the conversation anew once.` }
  },
})
