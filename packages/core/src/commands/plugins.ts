import type { PluginInfo } from "@skein/protocol"
import { defineCommand } from "./command.ts"

export const plugins = defineCommand({
  name: "plugins",
  summary: "The plugins that are on here, and what each brings.",
  usage: "",
  whileBusy: true,
  async run(_, { ask, sessionId }) {
    const all = await ask({ type: "plugins.list", sessionId })
    return { kind: "show", text: [...all.map(lineOf), all.length === 0 ? NONE : HINT].join("\n") }
  },
})

const NONE = "No plugin is on here. skein plugin install gets one, skein plugin list shows all of this machine."
const HINT = "skein plugin info NAME tells all of one; skein plugin disable NAME turns it off."

const WORDS: Readonly<Record<PluginInfo["brings"][number], string>> = {
  skills: "skills",
  commands: "commands",
  agents: "agents",
  outputStyles: "output styles",
  hooks: "hooks",
  mcpServers: "MCP servers",
  extensions: "extensions",
}

function lineOf({ name, version, brings }: PluginInfo): string {
  const parts = brings.length === 0 ? "nothing" : brings.map((kind) => WORDS[kind]).join(", ")
  return `${[name, version].filter((word) => word !== undefined).join(" ")}: ${parts}`
}
