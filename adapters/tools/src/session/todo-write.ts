import type { Todo } from "@skein/protocol"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"

interface Input {
  readonly todos: readonly Todo[]
}

const STATUSES = ["pending", "in_progress", "completed"] as const

/** The list of what is to do, as the person sees it and as it outlives every compaction. */
export const todoWrite = defineTool<Input>({
  name: "todo_write",
  aliases: ["todowrite", "TodoWrite"],
  description:
    "Keep the list of what is to do. Begin one unasked for work of three steps or more, and keep it true as you go: one item " +
    "in progress, done ones marked at once. Give the whole list each time.",
  input: () =>
    z.strictObject({ todos: z.array(z.strictObject({ text: z.string().min(1), status: z.enum(STATUSES) })) }),
  kind: "think",
  effects: ["none"],
  canBeLayered: true,
  title: ({ todos }) => `todo list (${summary(todos)})`,
  plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
  async run({ todos }) {
    const body = todoText(todos)
    return {
      forModel: [{ type: "text", text: `The list is kept: ${summary(todos)}.` }],
      forHuman: { kind: "text", body },
      session: { type: "todo.changed", todos: [...todos] },
      provenance: { source: "todo list", isTrusted: true },
    }
  },
})

/** The list as a person and a model read it. */
export function todoText(todos: readonly Todo[]): string {
  return todos.map(({ text, status }) => `${MARKS[status]} ${text}`).join("\n")
}

const MARKS: Readonly<Record<Todo["status"], string>> = { pending: "[ ]", in_progress: "[~]", completed: "[x]" }

function summary(todos: readonly Todo[]): string {
  const done = todos.filter(({ status }) => status === "completed").length
  return todos.length === 0 ? "empty" : `${done} of ${todos.length} done`
}
