import { type Command, defineCommand } from "./command.ts"
import { notYetLines } from "./elsewhere.ts"
import { columns } from "./text.ts"

/** Given the commands, as they cannot know of each other. */
export function helpOf(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "help",
    summary: "These commands.",
    usage: "",
    whileBusy: true,
    run: () => {
      const rows = commands().map(({ name, summary }): [string, string] => [`  /${name}`, summary])
      return {
        kind: "show",
        text: [...columns(rows), "", "/<command> --help says how one is written.", ...notYetLines()].join("\n"),
      }
    },
  })
}
