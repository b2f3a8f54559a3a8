import { defineCommand } from "./command.ts"

export const importCodex = defineCommand({
  name: "import-codex",
  summary: "How to bring sessions of Codex here.",
  usage: "",
  whileBusy: true,
  run: () => ({
    kind: "show",
    text: [
      "In a terminal: skein session import --from codex",
      "Of this folder; --all takes those of every folder, --dry-run only says which. What could not be taken along is told.",
      "Then /resume lists them.",
    ].join("\n"),
  }),
})
