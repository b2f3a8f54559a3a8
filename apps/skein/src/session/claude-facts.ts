import type { ServeOptions } from "@skein/claude"
import type { Host } from "@skein/host"
import type { Json } from "@skein/protocol/json"

/** What an edge of the Claude Code contract is told of a host beside its engine. */
export function claudeFacts(host: Host, cwd: string): Pick<ServeOptions, "agents" | "outputStyles" | "account"> {
  return {
    agents: async () =>
      (await host.agents.read(cwd)).agents.map(({ summary, asks, ...row }) => ({
        ...row,
        description: summary,
        model: asks?.kind === "model" ? asks.name : undefined,
      })),
    outputStyles: () => host.outputStyles(cwd),
    account: () => accountOf(host.keySources.get("anthropic")),
  }
}

/** Where a key was found, never the key. */
function accountOf(source: string | undefined): Json {
  if (source === undefined) return {}
  const isOfEnvironment = source.includes("ANTHROPIC_API_KEY")
  return {
    apiProvider: "firstParty",
    apiKeySource: isOfEnvironment ? "ANTHROPIC_API_KEY" : "user",
    tokenSource: source,
  }
}
