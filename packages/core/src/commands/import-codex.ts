import { defineCommand } from "./command.ts"

export const importCodex = defineCommand({
  name: "import-codex",
  summary: "How to bring sessions of Codex here.",
  usage: "",
  whileBusy: true,
  run: () => ({
    kind: "show",
    text: "In a terminal: skein session import --from codex\nIt says what could not be taken along. Then /resume lists them.",
  }),
})
