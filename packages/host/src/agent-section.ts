import type { AgentRow, GatheredSection, SourcesPort } from "@skein/core/ports"

/** How many are told of, and of each so much: who wrote fifty agents wants them called by name. */
const AGENTS_MAX = 30
const SUMMARY_CHARS_MAX = 200

/**
 * Tells the model which agents there are besides the built-in ones, which the tool itself names. Stands before what changes
 * with the day, and only where there are any and room is not short.
 */
export function tellingAgents(
  sources: SourcesPort,
  custom: (cwd: string) => Promise<readonly Pick<AgentRow, "name" | "summary">[]>,
  redact: (text: string) => string,
): SourcesPort {
  return {
    ...sources,
    async gather(context) {
      const sections = await sources.gather(context)
      const agents = context.profile === "compact" ? [] : await custom(context.cwd)
      return agents.length === 0 ? sections : beforeEnvironment(sections, sectionOf(redact(textOf(agents))))
    },
  }
}

function textOf(agents: readonly Pick<AgentRow, "name" | "summary">[]): string {
  const lines = agents.slice(0, AGENTS_MAX).map(({ name, summary }) => `- ${name}: ${shortly(summary)}`)
  const left = agents.length - lines.length
  return ["More agents for the tool task:", ...lines, ...(left > 0 ? [`(${left} more: agent kinds)`] : [])].join("\n")
}

function shortly(summary: string): string {
  return summary.length <= SUMMARY_CHARS_MAX ? summary : `${summary.slice(0, SUMMARY_CHARS_MAX - 1)}…`
}

function sectionOf(text: string): GatheredSection {
  const sha256 = Bun.CryptoHasher.hash("sha256", text, "hex")
  return { source: "agents", text, sha256, bytes: Buffer.byteLength(text) }
}

function beforeEnvironment(sections: readonly GatheredSection[], added: GatheredSection): readonly GatheredSection[] {
  const at = sections.findIndex(({ source }) => source === "environment")
  return at === -1 ? [...sections, added] : [...sections.slice(0, at), added, ...sections.slice(at)]
}
