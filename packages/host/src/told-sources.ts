import type { AgentRow, SourcesPort, ToolsPort } from "@skein/core/ports"
import { tellingAgents } from "./agent-section.ts"
import { redactingSources } from "./redact/ports.ts"
import type { Redact } from "./redact/redact.ts"
import { mapped } from "./repo-map.ts"

interface ToldWith {
  readonly tools: ToolsPort
  readonly redact: Redact
  /** Told why a map of the repository is left out. */
  readonly onUnmapped: (why: string) => void
  /** What finds out which texts are secret. */
  readonly learn: (roots: readonly string[]) => Promise<unknown>
  readonly agents: (cwd: string) => Promise<readonly Pick<AgentRow, "name" | "summary">[]>
  readonly skills: { told(sources: SourcesPort, redact: Redact): SourcesPort }
}

/** All that a model is told beside the conversation: what was gathered, the map, agents and skills; secrets taken out. */
export function toldSources(
  gathered: SourcesPort,
  { tools, redact, onUnmapped, learn, agents, skills }: ToldWith,
): SourcesPort {
  const clean = redactingSources(mapped(gathered, tools, onUnmapped), redact, learn)
  return skills.told(tellingAgents(clean, agents, redact), redact)
}
