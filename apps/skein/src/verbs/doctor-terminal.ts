import { jsonPage, visible } from "@skein/protocol"
import { openTerminal, textOf, wrap } from "@skein/term"
import type { SelftestReport } from "@skein/term/selftest"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"

/** `skein doctor terminal`: what the terminal can do, what skein makes of it, and the cure where it could be better. */
export const run: Run = async ({ flags, io }) => {
  // A page for a program may go anywhere: the terminal that it is about is then the one the process was started at.
  const isHere = flags.has("json") || (io.isInputTerminal && io.isOutputTerminal)
  const terminal = isHere ? openTerminal() : undefined
  if (terminal === undefined) {
    if (flags.has("json")) io.out(jsonPage({ version: VERSION, checks: [NO_TERMINAL] }))
    else io.err(`${NO_TERMINAL.summary} ${NO_TERMINAL.cure}`)
    return 1
  }
  const { selftest } = await import("@skein/term/selftest")
  let report: SelftestReport
  try {
    report = await selftest({ terminal, env: io.env, now: () => performance.now(), after })
  } finally {
    terminal.close()
  }
  if (flags.has("json")) io.out(jsonPage({ version: VERSION, ...report }))
  else for (const line of await told(report)) io.out(line)
  return 0
}

const NO_TERMINAL = {
  name: "terminal",
  status: "fail",
  summary: "This is not a terminal: input or output is a file or a pipe.",
  cure: "Run skein doctor terminal at a terminal, without a pipe.",
}

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

/** No wider than the terminal: this is read on it. Its name is its own word, so nothing of it may control anything. */
async function told({ checks, strategy, size }: SelftestReport): Promise<string[]> {
  const { frames, colors, keyboard, reflow } = strategy
  const wrapped = (text: string, indent: number) =>
    wrap([{ text: visible(text) }], size.columns, { indent }).map(textOf)
  return [
    ...checks.flatMap(({ name, status, summary, cure }) => [
      ...wrapped(`${status.padEnd(5)} ${name.padEnd(10)} ${summary}`, INDENT),
      ...(cure === undefined ? [] : wrapped(`${" ".repeat(INDENT)}${cure}`, INDENT)),
    ]),
    "",
    ...wrapped(`skein draws ${frames} frames, ${KEYS[keyboard]}, colors ${colors}, ${WRAPS[reflow]}`, 0),
  ]
}

const KEYS = { protocol: "keyboard protocol", "other-keys": "modifyOtherKeys", plain: "plain keys" }
const WRAPS = {
  all: "rows wrap anew on a resize",
  "all-but-cursor": "rows wrap anew on a resize, but for the cursor's",
  none: "rows are cut on a resize",
}
const INDENT = 17
