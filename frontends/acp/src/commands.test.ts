import { expect, test } from "bun:test"
import { commandsUpdate } from "./commands.ts"

test("a command that can do nothing yet is not offered to an editor", () => {
  const command = { aliases: [], summary: "What it does.", usage: "", whileBusy: true }
  const update = commandsUpdate([
    { ...command, name: "undo", usage: "[n]" },
    { ...command, name: "swarm", blocker: "There is none yet." },
  ])
  expect(update.availableCommands).toEqual([{ name: "undo", description: "What it does.", input: { hint: "[n]" } }])
})
