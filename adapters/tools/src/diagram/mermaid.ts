import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly source: string
  readonly format: "terminal" | "svg"
}

/** Draws a diagram: for the person as lines of text, or as SVG to be kept with `write`. */
export const mermaid = defineTool<Input>({
  name: "mermaid",
  description:
    "Draw a Mermaid diagram (flowchart, sequence, state, class). terminal: the person sees it as text; svg: you get the SVG, to keep with write.",
  summary: "draw a Mermaid diagram as text or SVG",
  input: () =>
    z.strictObject({ source: z.string().min(1).max(50_000), format: z.enum(["terminal", "svg"]).default("terminal") }),
  kind: "think",
  effects: ["none"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ source }) => `mermaid ${source.trim().split("\n", 1)[0] ?? ""}`.trim(),
  plan: async () => ({
    effects: [{ kind: "none" }],
    actions: [{ verb: "draw", target: "diagram" }],
    prepared: undefined,
  }),
  async run({ source, format }) {
    const { drawn } = await import("./draw.ts")
    const { text, svg, notes } = drawn(source)
    const remarks = notes.length === 0 ? "" : `\n(${notes.join(" ")})`
    return {
      forModel: [{ type: "text", text: (format === "svg" ? svg : text) + remarks }],
      forHuman: { kind: "drawing", body: text, summary: `${text.split("\n").length} lines` },
      provenance: { source: "mermaid", isTrusted: true },
    }
  },
})
