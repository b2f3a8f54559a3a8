import { type CommandOutcome, commandAsked, type Engine, type InputPart, type TurnOp } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { HostHooks } from "./hooks.ts"
import type { HostSession } from "./session.ts"

/** What became of input that is a command: done, or a turn to be begun in its place. */
export type Resolved =
  | { readonly kind: "done"; readonly outcome: CommandOutcome }
  | { readonly kind: "turn"; readonly op: TurnOp }

interface Asked {
  readonly engine: Engine
  readonly session: HostSession
  readonly input: readonly InputPart[]
  readonly send: (line: Json) => void
  /** Those of a host, which hears of prompts that commands become. */
  readonly hooks?: HostHooks | undefined
}

/** Runs input that is a slash command and sends its lines, or says which turn it stands for; undefined when it is none. */
export async function resolved({ engine, session, input, send, hooks }: Asked): Promise<Resolved | undefined> {
  const asked = await commandAsked(engine, session.sessionId, input)
  if (asked === undefined) return undefined
  const told = (outcome: CommandOutcome): Resolved => {
    for (const each of session.translator.commanded(outcome)) send(each)
    return { kind: "done", outcome }
  }
  const { turn, line } = asked
  if (turn === undefined) return told(await asked.run())
  if (turn.type !== "turn.submit" || hooks?.has("UserPromptExpansion") !== true) return { kind: "turn", op: turn }
  const prompt = turn.input.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
  const fields = { expansion_type: line.name.startsWith("mcp__") ? "mcp_prompt" : "slash_command", prompt }
  const named = { command_name: line.name, command_args: line.args }
  const { context, refusal } = await hooks.at(
    "UserPromptExpansion",
    { ...session.facts, ...fields, ...named },
    { subject: line.name },
  )
  if (refusal !== undefined) return told({ text: refusal, isRefused: true })
  const more = context === undefined ? [] : [{ type: "text", text: context } as const]
  return { kind: "turn", op: { ...turn, input: [...turn.input, ...more] } }
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
