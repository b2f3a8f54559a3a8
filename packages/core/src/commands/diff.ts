import type { RewindTarget } from "@skein/protocol"
import { defineCommand } from "./command.ts"
import { firstLines } from "./text.ts"
import { findTurn } from "./turns.ts"

const LINES_MAX = 500

export const diff = defineCommand({
  name: "diff",
  summary: "What skein changed in files, in this session or since a turn.",
  usage: "[turn]",
  whileBusy: true,
  async run(args, { ask, sessionId, facts }) {
    // The first event is older than any change.
    const to: RewindTarget =
      args === ""
        ? { kind: "seq", seq: 1 }
        : { kind: "before", turnId: findTurn(await ask({ type: "session.tree", sessionId }), args).turnId }
    const diffs = await ask({ type: "checkpoint.diff", sessionId, to })
    const { cwd } = await facts()
    const lines = diffs.flatMap((one) => linesOf(one, cwd))
    return { kind: "show", text: lines.length === 0 ? "No file differs." : firstLines(lines, LINES_MAX).join("\n") }
  },
})

/** As git writes it where the path lies in the session's folder; others are whole. */
function linesOf(
  { path, diff: text }: { readonly path: string; readonly diff: string },
  cwd: string,
): readonly string[] {
  if (!path.startsWith(`${cwd}/`)) return text === "" ? [path] : text.trimEnd().split("\n")
  const called = path.slice(cwd.length + 1)
  if (text === "") return [called]
  const lines = text.trimEnd().split("\n")
  const hunk = lines.findIndex((line) => line.startsWith("@@ "))
  return lines.map((line, at) => (hunk !== -1 && at > hunk ? line : headLine(line, path, called)))
}

function headLine(line: string, path: string, called: string): string {
  if (line === `--- ${path}`) return `--- a/${called}`
  if (line === `+++ ${path}`) return `+++ b/${called}`
  return line.startsWith(`${path}: `) ? `${called}${line.slice(path.length)}` : line
}
