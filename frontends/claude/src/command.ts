import { type CommandOutcome, type Engine, type InputPart, knownCommandLine, runCommand } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostSession } from "./session.ts"

/** Runs input that is a slash command and sends its lines; undefined when it is none. */
export async function commanded(
  engine: Engine,
  { sessionId, translator }: HostSession,
  input: readonly InputPart[],
  send: (line: Json) => void,
): Promise<CommandOutcome | undefined> {
  const line = await knownCommandLine(engine, input, sessionId)
  if (line === undefined) return undefined
  const outcome = await runCommand(engine, sessionId, line)
  for (const each of translator.commanded(outcome)) send(each)
  return outcome
}

/** Whether there is neither a word nor an image in it. */
export function saysNothing(input: readonly InputPart[]): boolean {
  return input.every((part) => part.type === "text" && !/\S/.test(part.text))
}

/** A host that resumes only to ask something else sends a message without words, and waits for its lines. */
export function noTurn({ translator }: HostSession, send: (line: Json) => void): CommandOutcome {
  const outcome: CommandOutcome = { text: "", isRefused: false }
  for (const each of translator.commanded(outcome)) send(each)
  return outcome
}
