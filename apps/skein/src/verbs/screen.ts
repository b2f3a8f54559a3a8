import { homedir, tmpdir } from "node:os"
import type { InputPart } from "@skein/protocol"
import { openTerminal, type TerminalFacts } from "@skein/term"
import { type Connected, DEFAULT_SETTINGS, runTui, type ScreenMetrics, systemPort } from "@skein/tui"
import type { Io } from "../io.ts"
import type { Which } from "../session/open.ts"
import { screenKind } from "../session/screen-kind.ts"
import { UsageError } from "../usage.ts"
import type { Run, VerbCall } from "../verb.ts"
import { VERSION } from "../version.ts"

/** The terminal went away, and nobody is left to be told anything. */
const EXIT_HANG_UP = 129

/** A person at a terminal: a new session, or the one that the flags name. */
export const run: Run = async (call) => attended(call, whichOf(call))

/** `skein tui [prompt]`: the same with a first prompt. Throws UsageError where nobody sits. */
export const open: Run = async (call) => {
  const { io, words, rest } = call
  if (!io.isInputTerminal || !io.isOutputTerminal) {
    throw new UsageError("skein tui needs a terminal at both ends; for a pipe there is skein -p.")
  }
  const prompt = [...words, ...rest].join(" ")
  return attended(call, whichOf(call), prompt.trim() === "" ? undefined : [{ type: "text", text: prompt }])
}

function whichOf({ flags }: VerbCall): Which {
  const id = flags.text("resume")
  if (id !== undefined) return { kind: "named", id }
  return flags.has("continue") ? { kind: "last", isAnywhere: false } : { kind: "new" }
}

/** The screen where the terminal can be drawn on, else a line at a time; the prompt is sent when the session is open. */
export async function attended(call: VerbCall, which: Which, prompt?: readonly InputPart[]): Promise<number> {
  const { io } = call
  const kind = isDrawable(io) ? await screenKind(call) : "lines"
  if (kind === "lines") return (await import("./lines.ts")).resume(call, which, prompt)
  const terminal = openTerminal()
  if (terminal === undefined) return (await import("./lines.ts")).resume(call, which, prompt)
  let close = async () => {}
  let unfollow = () => {}
  let log = (_: ScreenMetrics) => {}
  let settings = DEFAULT_SETTINGS
  let facts: TerminalFacts | undefined
  let tell = (_: string) => {}
  let ripgrep = async (): Promise<string | undefined> => undefined
  const [cwd, home] = [io.cwd, io.env.HOME ?? homedir()]
  const system = systemPort({
    ...{ env: io.env, cwd, home, temporary: tmpdir(), platform: process.platform },
    say: (sequence) => terminal.write(sequence),
    tell: (sentence) => tell(sentence),
    facts: () => facts,
    settings: () => settings,
    ripgrep: () => ripgrep(),
  })
  try {
    const left = await runTui({
      terminal,
      ...{ system, env: io.env, version: VERSION, cwd, home, now: io.now, screen: kind, prompt },
      keepTheme: async (theme) => {
        const { keepThemeOf } = await import("../session/keep-theme.ts")
        return keepThemeOf(theme, call)
      },
      onFacts: (learned) => {
        facts = learned
      },
      glance: async () => {
        if (which.kind !== "new" || kind !== "inline") return undefined
        const { glanced } = await import("../session/glanced.ts")
        const seen = await glanced(call)
        settings = seen?.settings ?? settings
        unfollow = () => seen?.unfollow()
        return (
          seen && {
            ...seen,
            follow: (person) =>
              seen.follow?.({
                ...person,
                onChange(changed) {
                  settings = changed
                  person.onChange(changed)
                },
              }),
          }
        )
      },
      async connect(asking) {
        unfollow()
        const { connect } = await import("../session/connect.ts")
        const connection = await connect(call, which, asking)
        const { host, connected } = connection
        log = (metrics) => host.log.write("info", "screen", { ...metrics })
        close = () => connection.close()
        tell = (sentence) => asking.tell(sentence, "warning")
        ripgrep = () => host.ripgrep()
        settings = connected.settings
        const onSettings: Connected["onSettings"] = (handler) =>
          connected.onSettings?.((changed) => {
            settings = changed
            handler(changed)
          })
        return { ...connected, onSettings }
      },
    })
    if (left.metrics !== undefined) log(left.metrics)
    if (left.unsent !== undefined && left.by !== "SIGHUP") io.err(`What you had typed was not sent:\n${left.unsent}`)
    if (left.isCutShort === true && left.by !== "SIGHUP") io.err(CUT_SHORT)
    if (left.failure !== undefined) throw left.failure
    if (left.by === "SIGHUP") return EXIT_HANG_UP
    if (left.sessionId !== undefined && left.isKept) io.out(`Kept. Go on with: skein resume ${left.sessionId}`)
    return { person: 0, SIGINT: 130, SIGTERM: 143 }[left.by]
  } finally {
    unfollow()
    await Promise.race([close(), Bun.sleep(CLOSING_MS_MAX)])
  }
}

const CUT_SHORT = "What still ran was not waited for."
/** Nothing that hangs keeps the process: the shell waits for its prompt. */
const CLOSING_MS_MAX = 3_000

function isDrawable({ env, isInputTerminal, isOutputTerminal }: Io): boolean {
  return env.TERM !== "dumb" && isInputTerminal && isOutputTerminal
}
