import type { Todo } from "@skein/protocol"
import { defineCommand } from "./command.ts"

const MARKS: Readonly<Record<Todo["status"], string>> = { pending: "[ ]", in_progress: "[~]", completed: "[x]" }

export const todos = defineCommand({
  name: "todos",
  summary: "The model's list of what is to do.",
  usage: "",
  whileBusy: true,
  async run(_, { facts }) {
    const all = (await facts()).todos ?? []
    const lines = all.map(({ status, text }) => `${MARKS[status]} ${text}`)
    return { kind: "show", text: lines.length === 0 ? "The list is empty." : lines.join("\n") }
  },
})
