import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly plan: string
}

/** The plan, as the person sees it and as it outlives every compaction. */
export const plan = defineTool<Input>({
  name: "plan",
  description: "Write down the plan, whole each time, in Markdown. It stays in view when older context is summarised.",
  input: () => z.strictObject({ plan: z.string() }),
  kind: "think",
  canBeLayered: true,
  title: () => "plan",
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run({ plan: text }) {
    return {
      forModel: [{ type: "text", text: "The plan is kept." }],
      forHuman: { kind: "text", body: text, summary: `${text.split("\n").length} lines` },
      session: { type: "plan.changed", plan: text },
      provenance: { source: "plan", isTrusted: true },
    }
  },
})
