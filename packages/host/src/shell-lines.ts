import { type CallPlan, type ShellLinesPort, ToolFailure, type ToolsPort } from "@skein/core/ports"

/** As long as the tool allows: a person stops their own command when they like. */
const TIMEOUT_MS = 600_000

/**
 * A person's own commands, run by the tool that runs the model's: the same bounds of what is shown, the same artifacts, and
 * the secrets taken out of both. What could only hang or do nothing there is refused with what to do instead.
 */
export function shellLinesOf(tools: ToolsPort): ShellLinesPort {
  return {
    async plan(command, context) {
      const plan = await tools.plan("bash", { command, timeoutMs: TIMEOUT_MS }, context)
      const vain = vainText(plan)
      if (vain !== undefined) throw new ToolFailure(vain)
      return plan
    },
    run: (plan, context) => tools.run(plan, context),
  }
}

/** Why a line cannot do what it is for; undefined for any other, and for one that is not wholly understood. */
function vainText({ effects }: CallPlan): string | undefined {
  const commands = effects.flatMap(commandsOf)
  const [only, ...more] = commands
  if (only !== undefined && more.length === 0 && MOVING.has(only[0] ?? "")) return movingText(only)
  for (const [program = "", ...args] of commands) {
    const name = program.slice(program.lastIndexOf("/") + 1)
    const isWithout = args.some((arg) => WITHOUT_TERMINAL.has(arg)) || (name === "top" && args.some(isBatch))
    if (isWithout) continue
    if (PAGERS.has(name)) return `${name} needs a terminal, and a ! line has none: !cat shows it, or leave ${name} off.`
    if (ON_TERMINAL.has(name)) {
      return `${name} needs a terminal, and a ! line has none. Ctrl+Z puts skein aside for your shell, and fg brings it back.`
    }
  }
  return undefined
}

/** The words of each command; what is only known when it runs is empty. */
function commandsOf(effect: CallPlan["effects"][number]): readonly (readonly string[])[] {
  if (effect.kind !== "execute" || effect.reading === undefined || effect.reading.unclear !== undefined) return []
  return effect.reading.commands.map(({ argv }) => argv.map((word = "") => word))
}

function movingText([name = "cd", ...args]: readonly string[]): string {
  const to = [name, ...args].join(" ")
  return `Each ! line has a shell of its own, so ${name} alone has no lasting effect. Say it with what it is for: !${to} && …, or start skein there.`
}

const MOVING: ReadonlySet<string> = new Set(["cd", "pushd", "popd"])
const PAGERS: ReadonlySet<string> = new Set(["less", "more", "most", "pg"])
const ON_TERMINAL: ReadonlySet<string> = new Set(
  "vi vim nvim view vimdiff nano pico micro emacs hx helix kak joe ne mc ranger nnn lf tig lazygit gitui top htop btop atop iotop iftop nmon tmux screen fzf".split(
    " ",
  ),
)
const WITHOUT_TERMINAL: ReadonlySet<string> = new Set(["--help", "--version", "--batch", "-batch", "-es", "--headless"])

function isBatch(arg: string): boolean {
  return /^-\w*b/.test(arg)
}
