import type { AgentRow, AgentTable } from "@skein/core/ports"
import { asNumber, asObject, asText, asTexts, type Json } from "@skein/protocol/json"
import { AUTO } from "./built-in/rows.ts"
import { asksOf, modeOf, toolsOf } from "./files/words.ts"

const NAME = /^[a-z0-9][\w-]{0,47}$/i
const SUMMARY_CHARS_MAX = 400

/** Fields that nothing here goes by. */
const NOT_GONE_BY = ["mcpServers", "skills", "initialPrompt", "background", "memory", "observer", "autoCompactWindow"]

/** Agents as the Claude Agent SDK defines them, by their names. What is wrong with one leaves it out, by name. */
export function agentsGiven(agents: Json): AgentTable {
  const read = Object.entries(agents).map(([name, value]) => agentOf(name, asObject(value) ?? {}))
  return {
    agents: read.flatMap(({ row }) => row ?? []),
    warnings: read.flatMap(({ warnings }) => warnings),
  }
}

function agentOf(name: string, said: Json): { readonly row?: AgentRow; readonly warnings: readonly string[] } {
  const instructions = asText(said.prompt)?.trim() ?? ""
  const flaw = (why: string) => ({
    warnings: [`The agent ${JSON.stringify(name)} of this run: ${why} It is left out.`],
  })
  if (!NAME.test(name)) return flaw("an agent's name is letters, digits, - and _.")
  if (name === AUTO) return flaw(`${AUTO} is the name under which skein chooses an agent.`)
  if (instructions === "") return flaw("it has no prompt.")
  const asks = asksOf(asText(said.model)?.trim() ?? "")
  const tools = Array.isArray(said.tools) ? ours(asTexts(said.tools)) : undefined
  const denied = ours(asTexts(said.disallowedTools))
  const mode = modeOf(asText(said.permissionMode) ?? "")
  const steps = asNumber(said.maxTurns)
  const stepsMax = steps !== undefined && steps >= 1 ? Math.floor(steps) : undefined
  const left = [...(tools?.left ?? []), ...denied.left]
  return {
    row: {
      ...{ name, origin: "person", instructions, toolsDenied: denied.names },
      summary: (asText(said.description)?.replaceAll(/\s+/g, " ").trim() || "(no description)").slice(
        0,
        SUMMARY_CHARS_MAX,
      ),
      ...(asks === undefined ? {} : { asks }),
      ...(tools === undefined ? {} : { tools: tools.names }),
      ...(mode === undefined ? {} : { mode }),
      ...(stepsMax === undefined ? {} : { stepsMax }),
    },
    warnings: [
      ...(left.length === 0 ? [] : [`The agent ${name} of this run: of its tools, ${left.join(", ")} are left out.`]),
      ...NOT_GONE_BY.filter((key) => said[key] !== undefined).map(
        (key) => `The agent ${name} of this run: ${key} is not gone by.`,
      ),
    ],
  }
}

function ours(names: readonly string[]): { readonly names: readonly string[]; readonly left: readonly string[] } {
  return {
    names: names.flatMap((name) => toolsOf(name) ?? []),
    left: names.filter((name) => toolsOf(name) === undefined),
  }
}
