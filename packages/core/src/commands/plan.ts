import { defineCommand } from "./command.ts"

export const plan = defineCommand({
  name: "plan",
  summary: "The plan as the model last wrote it.",
  usage: "",
  whileBusy: true,
  async run(_, { facts }) {
    const now = (await facts()).plan
    return {
      kind: "show",
      text: now === undefined || now === "" ? "There is no plan. /mode plan makes one first." : now,
    }
  },
})
