import { type NestedResult, ToolFailure } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool } from "./define.ts"

interface Input {
  readonly calls: readonly { readonly tool: string; readonly input: Readonly<Record<string, unknown>> }[]
}

const CALLS_MAX = 10
/** Of all results together, shared evenly: so that a long one pushes no other out. */
const CHARS_MAX = 60_000
/** Each call keeps its own limit, and a person may take their time to answer. */
const TIMEOUT_MS = 6 * 3_600_000

/** Several calls in one: each is judged, asked about and recorded as if the model had made it by itself. SEMANTICS 11.2. */
export const batch = defineTool<Input>({
  name: "batch",
  summary: "up to 10 calls in one, of any tools",
  description:
    "Make up to 10 calls of other tools at once. They run together where that is safe, else in order; one that fails stops no other. Results come in order.",
  input: () =>
    z.strictObject({
      calls: z
        .array(z.strictObject({ tool: z.string().min(1), input: z.record(z.string(), z.unknown()).default({}) }))
        .min(1)
        .max(CALLS_MAX),
    }),
  kind: "other",
  needs: ["calls"],
  effects: ["none"],
  canBeLayered: true,
  timeoutMs: TIMEOUT_MS,
  title: ({ calls }) =>
    `${calls.length === 1 ? "1 call" : `${calls.length} calls`}: ${calls.map(({ tool }) => tool).join(", ")}`,
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run({ calls }, _, { call }) {
    if (call === undefined) throw new ToolFailure("A batch makes no batch: make these calls by themselves.")
    const results = await Promise.all(calls.map(({ tool, input }) => call(tool, input)))
    const share = Math.floor(CHARS_MAX / calls.length)
    const failed = results.filter(({ outcome }) => outcome !== "success").length
    const lines = calls.map(({ tool }, at) => `${at + 1}. ${tool}: ${results[at]?.outcome ?? "error"}`)
    const summary = failed === 0 ? `all ${calls.length} done` : `${failed} of ${calls.length} failed`
    return {
      forModel: results.flatMap((result, at) => shown(`${at + 1}. ${calls[at]?.tool}`, result, share)),
      forHuman: { kind: "text", body: lines.join("\n"), summary },
      provenance: { source: "batch", isTrusted: true },
      ...(failed === calls.length ? { isError: true } : {}),
    }
  },
})

function shown(head: string, { outcome, forModel }: NestedResult, charsMax: number): readonly ContentBlock[] {
  const texts = forModel.flatMap((block) => (block.type === "text" ? [block.text] : []))
  const images = forModel.filter((block) => block.type !== "text")
  const text = texts.join("\n")
  const kept =
    text.length <= charsMax ? text : `${text.slice(0, charsMax)}\n[… ${text.length - charsMax} characters left out …]`
  return [{ type: "text", text: `${head} (${outcome}):\n${kept.toWellFormed()}` }, ...images]
}
