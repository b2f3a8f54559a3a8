import { type AgentNamesPort, type AgentTablePort, ToolFailure } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"

/** The agents that a person can begin by name, each with the model it has beside what `modelIn` says of the folder. */
export function agentNamesOf(table: AgentTablePort, modelIn: (cwd: string) => string): AgentNamesPort {
  return {
    async find(name, cwd) {
      const { agents } = await table.read(cwd)
      const row = agents.find((each) => each.name === name)
      if (row === undefined) return undefined
      try {
        return table.chosen(row, modelIn(cwd))
      } catch (error) {
        if (error instanceof ToolFailure) throw new SkeinError("op.invalid", error.message, { cause: error })
        throw error
      }
    },
    list: async (cwd) => (await table.read(cwd)).agents.map(({ name, summary }) => ({ name, description: summary })),
  }
}
