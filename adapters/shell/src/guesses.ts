import type { ShellContext, SimpleCommand } from "@skein/core/ports"
import { judge } from "./judge/command.ts"
import { lineState } from "./judge/environment.ts"
import { PROGRAMS } from "./know/programs.ts"
import { programName } from "./run/names.ts"
import type { Seen } from "./run/seen.ts"
import { plainWord } from "./syntax/plain-word.ts"
import { roughly } from "./syntax/rough.ts"

/**
 * What may be commands in a line that is not wholly read, so that what is forbidden is found. None of those that were read:
 * more is known of them.
 */
export function guesses(
  line: string,
  context: ShellContext,
  read: readonly SimpleCommand[] = [],
): readonly SimpleCommand[] {
  const state = lineState([], [], new Set())
  const places = { home: context.home, roots: context.roots }
  const cwd = mayMove(line) ? undefined : context.cwd
  const known = new Set(read.filter(({ argv }) => !argv.includes(undefined)).map(({ argv }) => argv.join("\n")))
  return roughly(line, isKnown).flatMap((words) => {
    const named = words.map((word, at) => (at === 0 ? (programName(word) ?? word) : word))
    if (known.has(named.join("\n"))) return []
    const seen: Seen = {
      ...{ words: named.map(plainWord), text: words.join(" "), assigns: [], redirects: [], cwd },
      ...{ input: { kind: "other" }, isPassedOn: false },
    }
    const { pattern: _, risks, ...rest } = judge(seen, state, places)
    return {
      ...rest,
      risks: risks.includes("read") ? ["unknown"] : risks,
      powerful: [...rest.powerful, "not understood"],
    }
  })
}

/** Whether anything in the text could change the folder, for what comes after it or for a command alone. */
function mayMove(line: string): boolean {
  return MOVES.test(line.replace(/[\\'"]/g, ""))
}

const MOVES =
  /(?:^|[^\w./-])(?:cd|pushd|popd|chdir|eval|source|-C|--chdir|--directory)(?![\w-])|(?:^|[;&|(){}`\n])\s*\.\s/

function isKnown(name: string): boolean {
  const plain = programName(name) ?? name
  return Object.hasOwn(PROGRAMS, plain) || plain === "git" || plain === "find"
}
