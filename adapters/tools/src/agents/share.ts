import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly name: string
  readonly note?: string | undefined
}

/** What agents that work at the same time tell each other. */
export const share = defineTool<Input>({
  name: "share",
  description:
    "A board for the agents that one session has at work, and for that session. With a note: tell the others what you " +
    "found, so that it is not sought twice. You get what they told, new notes first.",
  summary: "tell other agents at work what you found, and read what they did",
  input: () =>
    z.strictObject({
      name: z.string().min(1).max(60).default("agent").describe("who tells it"),
      note: z.string().min(1).max(4_000).optional(),
    }),
  kind: "think",
  needs: ["agents"],
  effects: ["none"],
  isConcurrent: true,
  title: ({ note }) => (note === undefined ? "read what other agents told" : "tell other agents"),
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run({ name, note }, { board }, { sessionId }) {
    if (board === undefined) throw new ToolFailure("There is no board here.")
    const notes = board.read(sessionId)
    if (note !== undefined) board.post(sessionId, name, note)
    const lines = notes
      .toSorted((a, b) => Number(b.isNew) - Number(a.isNew))
      .map((one) => `${one.isNew ? "new  " : ""}${one.name}: ${one.text}`)
    const told = note === undefined ? [] : ["Your note is on the board."]
    const text = [...told, ...(lines.length === 0 ? ["Nobody else has told anything."] : lines)].join("\n")
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "text", body: text, summary: `${notes.length} notes` },
      // What others found may be anybody's words.
      provenance: { source: "notes of other agents", isTrusted: notes.length === 0 },
    }
  },
})
