import * as z from "@skein/protocol/schema"

/** One command of git that a model proposes, and what it says that comes of it. */
export interface Step {
  /** What follows `git`. */
  readonly args: readonly string[]
  readonly does: string
}

export interface Steps {
  readonly steps: readonly Step[]
  /** Why there are none, or what to know of them. */
  readonly note: string
}

export const STEPS_SCHEMA = {
  name: "git_steps",
  schema: {
    type: "object",
    additionalProperties: false,
    required: ["steps", "note"],
    properties: {
      steps: {
        type: "array",
        items: {
          type: "object",
          additionalProperties: false,
          required: ["args", "does"],
          properties: { args: { type: "array", items: { type: "string" } }, does: { type: "string" } },
        },
      },
      note: { type: "string" },
    },
  },
}

export const STEPS_GUIDE = `A person says in words what they want of git in this repository. Answer with the commands that do it, in order, as few as possible, \
each as the list of its arguments without "git" itself, and with what it does in one short sentence. Every argument is whole: no shell reads it, so no quotes, \
no pipes, no $( ). Prefer what can be taken back: reset --soft, revert, switch, stash push. No command that opens an editor or asks: give --no-edit, -m. \
Where the words can mean several things, or it is not for git, give no steps and say so in note. Else note is empty, or what they should know first.`

const STEPS_MAX = 12

/** Reads what was proposed; what is wrong with it, in words for a model. */
export function readSteps(json: unknown): Steps | string {
  const read = z
    .object({
      steps: z.array(z.object({ args: z.array(z.string()).min(1).max(100), does: z.string() })).max(STEPS_MAX),
      note: z.string(),
    })
    .safeParse(json)
  if (!read.success) return `It does not fit: ${z.prettifyError(read.error).slice(0, 500)}`
  for (const { args } of read.data.steps) {
    const flaw = flawOf(args)
    if (flaw !== undefined) return flaw
  }
  return read.data
}

const COMMANDS: ReadonlySet<string> = new Set([
  ...[
    "add",
    "am",
    "apply",
    "blame",
    "branch",
    "checkout",
    "cherry-pick",
    "clean",
    "commit",
    "describe",
    "diff",
    "fetch",
  ],
  ...[
    "grep",
    "log",
    "ls-files",
    "merge",
    "mv",
    "notes",
    "pull",
    "push",
    "rebase",
    "reflog",
    "remote",
    "reset",
    "restore",
  ],
  ...["revert", "rev-parse", "rm", "shortlog", "show", "stash", "status", "switch", "tag", "worktree"],
])

/** What would have git run a program or a place that the command itself names: not what a person reads in such a list. */
const RUNS =
  /^(-x|--exec(=.*)?|--upload-pack(=.*)?|--receive-pack(=.*)?|--config(=.*)?|--ext-diff|--textconv|--output(=.*)?)$/

function flawOf(args: readonly string[]): string | undefined {
  const [command = "", ...rest] = args
  const line = `git ${args.join(" ")}`
  if (command === "git") return `"${line}": leave out git itself.`
  if (!COMMANDS.has(command))
    return `"${line}": ${JSON.stringify(command)} is not among the commands that are taken here.`
  const running = rest.find((word) => RUNS.test(word) || /^ext::/i.test(word))
  if (running !== undefined) return `"${line}": ${running} is not taken here.`
  if (args.some((word) => word.includes("\0"))) return `"${line}" holds a NUL.`
  return undefined
}

/** The command as one would type it. */
export function stepLine({ args }: Step): string {
  const word = (text: string) => (/^[\w@%+=:,./~^-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
  return ["git", ...args.map(word)].join(" ")
}
