import { readFileSync } from "node:fs"
import { join } from "node:path"
import { COMMAND_RISKS, type CommandRisk, type ShellContext, type ShellReading } from "@skein/core/ports"
import { shell } from "../src/index.ts"

export const PLACE: ShellContext = { cwd: "/w/app", roots: ["/w/app"], home: "/h/u" }
const reader = shell()

export const understand = (line: string, place: ShellContext = PLACE): Promise<ShellReading> =>
  reader.understand(line, place)
export const understandArgv = (argv: readonly string[]): Promise<ShellReading> => reader.understandArgv(argv, PLACE)

/** Lines of a corpus; `⏎` stands for a newline. */
export function corpus(name: string): readonly string[] {
  const text = readFileSync(join(import.meta.dir, "corpus", name), "utf8")
  return text.split("\n").filter((line) => line !== "")
}

export const lineOf = (written: string) => written.replaceAll("⏎", "\n")

/** All that a line can do, in the order of the list; `read` only when that is all, `unclear` when it is not understood. */
export function effectOf({ commands, unclear }: ShellReading): string {
  if (unclear !== undefined) return "unclear"
  const risks = COMMAND_RISKS.filter((risk) => commands.some((one) => one.risks.includes(risk)))
  return (risks.length > 1 ? risks.filter((risk) => risk !== "read") : risks).join(" ")
}

export const isOnlyRead = (effect: string) => effect === "read"
export const isHarmful = (effect: string) =>
  effect === "unclear" || (["destroy", "escalate", "write"] as CommandRisk[]).some((risk) => effect.includes(risk))
