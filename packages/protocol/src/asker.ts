import type { EventOf } from "./events/index.ts"

/** What stands before the name of what is asked about, where a sub-agent asks: `finder asks: `; else nothing. */
export function askerText({ agent }: Pick<EventOf<"approval.requested">, "agent">): string {
  return agent === undefined ? "" : `${agent.name} asks: `
}

/** What a sub-agent's call is about, where its own session has the call: `run make`. */
export function askedTitle({ actions, subject }: Pick<EventOf<"approval.requested">, "actions" | "subject">): string {
  return actions.map(({ verb, target }) => `${verb} ${target}`).join("; ") || subject
}
