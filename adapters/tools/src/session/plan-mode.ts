import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { planResult } from "./plan.ts"

/** Nothing is changed from here on, until a person has approved a plan. */
export const planEnter = defineTool<object>({
  name: "plan_enter",
  summary: "only plan from now on: nothing is changed",
  description:
    "Go into mode plan before large or risky work: from then on you can read and search but change nothing, until the person " +
    "has approved your plan by plan_exit.",
  input: () => z.strictObject({}),
  kind: "think",
  needs: ["person"],
  effects: ["none"],
  canBeLayered: true,
  title: () => "go into mode plan",
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run(_, __, { sessions, sessionId }) {
    const { settings } = await sessions.read(sessionId)
    const isPlanning = settings.mode === "plan"
    const text = `The mode is plan${isPlanning ? " already" : " now"}: read, search, then give the plan to plan_exit.`
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "text", body: "mode plan", summary: isPlanning ? "already" : "entered" },
      session: isPlanning ? undefined : { type: "settings.changed", changes: { mode: "plan" } },
      provenance: { source: "mode", isTrusted: true },
    }
  },
})

interface Input {
  readonly plan?: string | undefined
}

/** Shows the plan to the person, who approves it or says what is wrong; the core asks, as for every plan written in that mode. */
export const planExit = defineTool<Input>({
  name: "plan_exit",
  summary: "show the plan to the person, and leave mode plan when they approve",
  description:
    "In mode plan: show the person your plan (Markdown; the one kept by plan when left out) for approval. Approved, the mode is " +
    "as it was before and you carry it out.",
  input: () => z.strictObject({ plan: z.string().min(1).optional() }),
  kind: "think",
  needs: ["person"],
  effects: ["none"],
  canBeLayered: true,
  title: () => "show the plan for approval",
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run({ plan: given }, _, { sessions, sessionId }) {
    const { settings, plan: kept } = await sessions.read(sessionId)
    if (settings.mode !== "plan") {
      throw new ToolFailure(`The mode is ${settings.mode}, not plan: there is nothing to leave. Go on with the work.`)
    }
    const text = given ?? kept
    if (text === undefined || text.trim() === "") {
      throw new ToolFailure("There is no plan to show. Give one as plan, in Markdown.")
    }
    return planResult(
      text,
      "The plan is kept. Unless it is approved below, the mode stays plan and nothing may be changed.",
    )
  },
})
