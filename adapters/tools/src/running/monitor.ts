import { type ProcessFacts, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { provenanceOf, stateOf } from "./output.ts"

interface Input {
  readonly process: string
  readonly patterns: readonly string[]
}

/** Asks to be told what a process says, while something else is done. */
export const monitor = defineTool<Input>({
  name: "monitor",
  description:
    "Be told, at your next step, when a background process says one of these texts; its end is told anyway. Returns at once: go on with other work meanwhile.",
  summary: "be told when a background process says something",
  input: () =>
    z.strictObject({
      process: z.string().min(1).max(64),
      patterns: z.array(z.string().min(1).max(200)).min(1).max(16).describe("Text in a line, * for anything"),
    }),
  kind: "other",
  needs: ["model"],
  effects: ["none"],
  title: ({ process, patterns }) => `monitor ${process}: ${patterns.join(", ")}`,
  async plan({ process }, _, context) {
    const seen = await context.processesSeen?.()
    if (seen === undefined) throw new ToolFailure("No process can go on beside the turn here.")
    mustRun(seen.find(process))
    return { effects: [{ kind: "none" }], actions: [], prepared: undefined }
  },
  async run({ process, patterns }, _, context) {
    const processes = await context.processes?.()
    if (processes === undefined) throw new ToolFailure("No process can go on beside the turn here.")
    for (const pattern of patterns) processes.watch(process, pattern)
    const facts = processes.find(process)
    return {
      forModel: [{ type: "text", text: `You are told when ${facts.name} says it. (${stateOf(facts)})` }],
      forHuman: { kind: "text", body: patterns.join("\n"), summary: stateOf(facts) },
      provenance: { ...provenanceOf(facts), isTrusted: true },
    }
  },
})

function mustRun(facts: ProcessFacts): void {
  if (facts.exit !== undefined) throw new ToolFailure(`${stateOf(facts)}. There is nothing to wait for: read it.`)
}
