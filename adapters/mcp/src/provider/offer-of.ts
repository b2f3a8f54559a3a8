import type { LiveServer } from "../connection/live-server.ts"
import type { Offer } from "./catalogue.ts"

/** All that a server that runs offers. Throws ToolFailure. */
export async function offerOf(live: LiveServer): Promise<Offer> {
  return {
    facts: live.facts,
    tools: await live.tools(),
    prompts: await orNone(live.prompts()),
    resources: await orNone(live.resources()),
  }
}

/** What a server could not do, or not in time. */
export const isFailure = (error: unknown) =>
  error instanceof Error && ["ToolFailure", "TimeoutError"].includes(error.name)

/** A server need not have these, and some fail when they are asked. */
async function orNone<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await asked
  } catch (error) {
    if (isFailure(error)) return []
    throw error
  }
}
