import { bell, forTmux, notification } from "@skein/term"
import { isFarAway, type Machine } from "./machine.ts"

export type NoteWay = "bell" | "osc" | "desktop"

/** Calls the person, by each of these ways; as the terminal takes it best when none is named. Never throws for what cannot be. */
export async function notify(
  note: { readonly title: string; readonly body: string },
  ways: readonly NoteWay[] | undefined,
  machine: Machine,
): Promise<void> {
  const title = oneLine(note.title, TITLE_MAX)
  const body = oneLine(note.body, BODY_MAX)
  const { say, tell } = machine
  const facts = machine.facts()
  const own = facts.notification
  const byTerminal = () => {
    const sequence = notification(own === "bell" ? "osc9" : own, title, body)
    say(facts.isTmux ? forTmux(sequence) : sequence)
  }
  const best = () => (own === "bell" ? say(bell()) : byTerminal())
  if (ways === undefined) return best()
  const wanted = new Set(ways)
  if (wanted.has("bell")) say(bell())
  if (wanted.has("osc")) byTerminal()
  if (!wanted.has("desktop")) return
  const failure = await byDesktop(title, body, machine)
  if (failure === undefined) return
  tell(`The desktop cannot be told (tui.notify_by): ${failure}.`)
  if (wanted.size === 1) best()
}

const TITLE_MAX = 100
const BODY_MAX = 300
const TIMEOUT_MS = 5_000

/** Text of a model may be in it: it is one line that controls nothing. */
function oneLine(text: string, max: number): string {
  const plain = Bun.stripANSI(text.slice(0, max * 4)).replace(CONTROLS, " ")
  return [...plain].slice(0, max).join("").trim()
}

const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu

/** Why not; undefined when it was told. */
async function byDesktop(title: string, body: string, machine: Machine): Promise<string | undefined> {
  if (isFarAway(machine)) return "it is another machine's"
  const argv =
    machine.platform === "darwin"
      ? (["osascript", ...SCRIPT.flatMap((line) => ["-e", line]), title, body] as const)
      : (["notify-send", "--app-name=skein", "--", title, escaped(body)] as const)
  const ran = await machine.programs.run(argv, { timeoutMs: TIMEOUT_MS })
  if (ran === undefined) return `there is no ${argv[0]}`
  return ran.exitCode === 0 ? undefined : `${argv[0]} did not take it`
}

/** What is said comes as arguments: nothing of it is read as a script. */
const SCRIPT = ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"]

/** Desktops read the body as markup. */
function escaped(body: string): string {
  return body.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
