import { type Op, type Receipt, SkeinError } from "@skein/protocol"
import { ToolFailure } from "../ports/index.ts"
import type { Accepting } from "../session/accepting.ts"
import type { Offspring } from "../session/offspring.ts"
import type { EnginePorts } from "../session/ports.ts"
import type { SessionState } from "../transcript/state.ts"

interface Parts {
  readonly state: SessionState
  readonly ports: EnginePorts
  readonly offspring: Offspring
  readonly accepting: Accepting
}

/** What a person asks of the children of a session. Throws SkeinError. */
export async function performAgentOp(
  op: Op<"agent.spawn" | "agent.say" | "agent.stop">,
  parts: Parts,
): Promise<Receipt> {
  const { state, offspring, accepting } = parts
  if (op.type === "agent.spawn") return spawnNamed(op, parts)
  if (!state.children.has(op.childSessionId)) {
    throw new SkeinError("agent.not_found", `${op.childSessionId} is no sub-agent of this session. /agents lists them.`)
  }
  if (op.type === "agent.say") {
    const { sessionId } = await asRefusal(offspring.say(op.childSessionId, op.text, {}, []))
    return { ...(await accepting.note(op.opId)), childSessionId: sessionId }
  }
  const stopping = offspring.stop(op.childSessionId)
  if (stopping === undefined) {
    throw new SkeinError("agent.not_found", "This sub-agent does not run: it has ended. /agents lists them.")
  }
  await stopping
  return accepting.note(op.opId)
}

async function spawnNamed(op: Op<"agent.spawn">, { state, ports, offspring, accepting }: Parts): Promise<Receipt> {
  const { path } = state.created.workspace
  const agent = await ports.agentNames?.find(op.agent, path)
  if (agent === undefined) {
    const names = (await ports.agentNames?.list(path))?.map(({ name }) => name) ?? []
    const known = names.length === 0 ? "None is known here." : `Known are ${names.join(", ")}.`
    throw new SkeinError("agent.unknown", `There is no agent "${op.agent}". ${known}`)
  }
  const description = op.description ?? headOf(op.prompt)
  const request = { agent, description, prompt: op.prompt, isBackground: true }
  const { sessionId } = await asRefusal(offspring.spawn(request, {}, []))
  return { ...(await accepting.note(op.opId)), childSessionId: sessionId }
}

const DESCRIPTION_CHARS_MAX = 60

function headOf(prompt: string): string {
  const line = prompt.trim().split("\n")[0] ?? ""
  const characters = [...line]
  return characters.length <= DESCRIPTION_CHARS_MAX
    ? line
    : `${characters.slice(0, DESCRIPTION_CHARS_MAX - 1).join("")}…`
}

/** What a model would read as a failure is a refusal for a person. */
async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error
    const code = error.cause instanceof SkeinError ? error.cause.code : "op.invalid"
    throw new SkeinError(code, error.message, { cause: error })
  }
}
