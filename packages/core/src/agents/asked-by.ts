import type { SessionState } from "../transcript/state.ts"
import type { ClientQuestion } from "../turn/ports.ts"

/** A question in the name of the child that asks it, and of whoever it asks for. */
export function askedBy({ created, sessionId }: SessionState, question: ClientQuestion): ClientQuestion {
  const name = created.agent?.name
  if (name === undefined) return question
  const { agent } = question
  return {
    ...question,
    agent: agent === undefined ? { name, sessionId } : { ...agent, name: `${name} › ${agent.name}` },
  }
}
