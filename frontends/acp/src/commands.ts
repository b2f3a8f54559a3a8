import { type CommandInfo, type CommandLine, type Engine, runCommand, type SessionId } from "@skein/protocol"
import type { Json } from "./rpc.ts"
import { fenced } from "./text.ts"

/** What a client offers after a `/`. */
export function commandsUpdate(commands: readonly CommandInfo[]): Json {
  return {
    sessionUpdate: "available_commands_update",
    availableCommands: commands
      .filter(({ blocker }) => blocker === undefined)
      .map(({ name, summary, usage }) => ({
        name,
        description: summary,
        ...(usage === "" ? {} : { input: { hint: usage } }),
      })),
  }
}

/** Runs a command; its text as an answer. Throws SkeinError when the engine cannot be asked. */
export async function commandUpdates(
  engine: Engine,
  sessionId: SessionId,
  line: CommandLine,
): Promise<readonly Json[]> {
  const { text } = await runCommand(engine, sessionId, line)
  if (text === "") return []
  // Columns and line ends are part of what it says; as plain words Markdown would lose them.
  const shown = text.includes("\n") ? fenced(text) : text
  return [{ sessionUpdate: "agent_message_chunk", content: { type: "text", text: shown } }]
}
