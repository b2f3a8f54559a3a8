import { defineCommand } from "./command.ts"
import { columns, counted } from "./text.ts"

export const providers = defineCommand({
  name: "providers",
  aliases: ["connect"],
  summary: "Which providers can be asked, whose key is from where.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, origins }) {
    // Asked first: keys are looked for with it.
    const models = await ask({ type: "models.list" })
    const keys = origins.keys()
    const names = [...new Set(models.map(({ provider }) => provider))]
    const rows = names.map((name) => {
      const own = models.filter(({ provider }) => provider === name)
      const isReady = own.some((model) => model.isReady)
      const from = keys.get(name) ?? (isReady ? "needs no key" : "no key or login")
      return { isReady, row: [`${isReady ? "✓" : "·"} ${name}`, `${from}, ${counted(own.length, "model")}`] as const }
    })
    const sorted = rows.toSorted((a, b) => Number(b.isReady) - Number(a.isReady)).map(({ row }) => row)
    return { kind: "show", text: [...columns(sorted), "", HOW].join("\n") }
  },
})

const HOW =
  "To add one: skein login <provider> in a terminal, with a key or an account, or its variable, as ANTHROPIC_API_KEY, before skein starts. /model chooses."
