import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { todoText } from "./todo-write.ts"

/** The list of what is to do as it stands, a person's changes and those before a compaction included. */
export const todoRead = defineTool<object>({
  name: "todo_read",
  summary: "the list of what is to do, as it stands",
  aliases: ["todoread", "TodoRead"],
  description: "Read the list of what is to do, as it stands.",
  input: () => z.strictObject({}),
  kind: "think",
  effects: ["none"],
  canBeLayered: true,
  isConcurrent: true,
  title: () => "read the todo list",
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run(_, __, { sessions, sessionId }) {
    const { todos = [] } = await sessions.read(sessionId)
    const text = todos.length === 0 ? "The list is empty." : todoText(todos)
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "text", body: text },
      provenance: { source: "todo list", isTrusted: true },
    }
  },
})
