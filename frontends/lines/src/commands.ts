import { type Engine, MODES, type Op, type SessionId } from "@skein/protocol"

/** What a line that begins with `/` may do. */
export interface Commanded {
  readonly engine: Engine
  readonly sessionId: SessionId
  /** Whole lines. */
  readonly say: (text: string) => void
  /** False when the engine refused, which has been said then. */
  readonly submit: (op: Op) => Promise<boolean>
  readonly interrupt: () => Promise<void>
}

const HELP = `Type a prompt and press Enter. While a turn runs, a line you type joins it
at its next step. A line that ends in \\ goes on in the next one.

  /model [provider/id]  show or change the model
  /mode [name]          what may run without asking:
                        ${MODES.join(", ")}
  /status               model, mode, sandbox, tokens, cost, session and folder
  /stop                 interrupt the turn
  /help                 this
  /quit                 leave; the session is kept

Ctrl+C interrupts the turn; Ctrl+C twice leaves.`

/** Does what the line says. */
export async function command(line: string, at: Commanded): Promise<void> {
  const [name = "", ...rest] = line.slice(1).split(/\s+/)
  const value = rest.join(" ").trim()
  switch (name) {
    case "help":
      return at.say(HELP)
    case "stop":
      return at.interrupt()
    case "status":
      return status(at)
    case "model":
      return model(value, at)
    case "mode":
      return mode(value, at)
    default:
      at.say(`There is no /${name}. /help lists what there is.`)
  }
}

async function status({ engine, sessionId, say }: Commanded): Promise<void> {
  const { settings, usage, microUsd, cwd } = await engine.ask({ type: "session.read", sessionId })
  const tokens = usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  const cost = microUsd === undefined ? "" : ` · $${(microUsd / 1_000_000).toFixed(4)}`
  say(`${settings.model} · ${settings.mode} · ${settings.sandbox} · ${tokens} tokens${cost}`)
  say(`${sessionId} in ${cwd}`)
}

async function model(value: string, { engine, sessionId, say, submit }: Commanded): Promise<void> {
  const isChanged = value === "" || (await submit({ type: "settings.change", sessionId, changes: { model: value } }))
  if (isChanged) say(`The model is ${(await engine.ask({ type: "session.read", sessionId })).settings.model}.`)
}

async function mode(value: string, { engine, sessionId, say, submit }: Commanded): Promise<void> {
  const found = MODES.find((name) => name === value)
  if (value !== "" && found === undefined) return say(`There is no mode ${value}. There are ${MODES.join(", ")}.`)
  if (found !== undefined) await submit({ type: "settings.change", sessionId, changes: { mode: found } })
  say(`The mode is ${(await engine.ask({ type: "session.read", sessionId })).settings.mode}.`)
}
