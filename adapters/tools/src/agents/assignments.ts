import type { PlanContext } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import type { Planned, ToolWorld } from "../define.ts"
import { PROMPT_CHARS_MAX } from "./bounds.ts"
import type { Assignment } from "./schedule/settled.ts"

/** One piece of work, as tools of several take it. */
export const assignment = () =>
  z.strictObject({
    agent: z.string().min(1).max(100).default("general"),
    description: z.string().min(1).max(200),
    prompt: z.string().min(1).max(PROMPT_CHARS_MAX),
  })

export const ISOLATION = () =>
  z.enum(["none", "worktree"]).optional().describe("worktree: each works on a copy of the repository")

/** Handing on does nothing by itself: what agents do is judged call by call. An unknown agent is told before any begins. */
export async function planAssignments(
  all: readonly Assignment[],
  world: ToolWorld,
  { cwd }: PlanContext,
): Promise<Planned<undefined>> {
  const { rowFor } = await import("./delegation.ts")
  for (const one of all) await rowFor(world, cwd, one)
  return {
    effects: [{ kind: "none" }],
    actions: all.map(({ agent, description }) => ({ verb: "delegate", target: `${agent}: ${description}` })),
    prepared: undefined,
  }
}
