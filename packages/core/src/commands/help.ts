import { type Command, defineCommand, type PromptWorld } from "./command.ts"
import { notYetLines } from "./elsewhere.ts"
import { offeredPrompts } from "./prompts.ts"
import { columns } from "./text.ts"

/** Given the commands, as they cannot know of each other. */
export function helpOf(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: "help",
    summary: "These commands.",
    usage: "",
    whileBusy: true,
    run: async (_args, { prompts }) => {
      const offered = prompts === undefined ? [] : await promptRows(prompts, commands())
      const rows = commands().map(({ name, summary }): [string, string] => [`  /${name}`, summary])
      return {
        kind: "show",
        text: [...columns(rows), ...offered, "", "/<command> --help says how one is written.", ...notYetLines()].join(
          "\n",
        ),
      }
    },
  })
}

const SUMMARY_CHARS_MAX = 56

/** Below skein's own, with a word where skein's own command has the short name. */
async function promptRows({ port, place }: PromptWorld, own: readonly Command[]): Promise<readonly string[]> {
  const rows = (await offeredPrompts(port, place, own)).map(
    ({ info: { name, summary, hiddenBy } }): [string, string] => [
      `  /${name}`,
      hiddenBy === undefined ? shortened(summary) : `${shortened(summary)} (/${hiddenBy} is skein's own)`,
    ],
  )
  return rows.length === 0 ? [] : ["", "Of this folder, and your own:", ...columns(rows)]
}

function shortened(text: string): string {
  return text.length <= SUMMARY_CHARS_MAX ? text : `${text.slice(0, SUMMARY_CHARS_MAX - 1)}…`
}
