import { type CommandLine, type CommandReply, type Engine, type Op, type SessionId, SkeinError } from "@skein/protocol"
import { clipped, wrapped } from "./fit.ts"

/** Where a command is run. */
export interface Commanded {
  readonly engine: Engine
  readonly sessionId: SessionId
  /** Whole lines. */
  readonly say: (text: string) => void
  /** Goes on in another session, which may be one that a command has just made. */
  readonly open: (sessionId: SessionId, isNew: boolean) => Promise<void>
  /** How wide the terminal is now. */
  readonly columns: () => Promise<number>
}

/** What the next line answers, when a command asked something. */
export type Waiting =
  | { readonly kind: "choice"; readonly commands: readonly string[] }
  | { readonly kind: "yes"; readonly reply: Ops }
type Ops = Extract<CommandReply, { kind: "ops" }>
type Choice = Extract<CommandReply, { kind: "choose" }>["choices"][number]

const INTRO = `Type a prompt and press Enter. While a turn runs, a line you type joins it
at its next step. A line that ends in \\ goes on in the next one.
`
const OUTRO = `
/quit leaves; the session is kept.
Ctrl+C interrupts the turn; Ctrl+C twice leaves.`

/** Does what the line says. Returns the question that the next line answers, when there is one. */
export async function command(line: CommandLine, at: Commanded): Promise<Waiting | undefined> {
  const reply = await resolved(line, at)
  switch (reply.kind) {
    case "show":
      at.say(line.name === "help" ? `${INTRO}\n${reply.text}\n${OUTRO}` : await shown(line, reply.text, at))
      return undefined
    case "usage":
      at.say(wrapped(reply.text, await at.columns()))
      return undefined
    case "open":
      await at.open(reply.sessionId, false)
      return undefined
    case "choose": {
      const columns = await at.columns()
      const rows = reply.choices.map((choice, index) => row(choice, index + 1, columns))
      at.say([wrapped(reply.title, columns), ...rows, "A number chooses; Enter alone leaves it."].join("\n"))
      return { kind: "choice", commands: reply.choices.map(({ command: name }) => name) }
    }
    case "ops":
      if (reply.confirm === undefined) {
        await carryOut(reply, at)
        return undefined
      }
      at.say(`${wrapped(reply.confirm, await at.columns())}\ny does it; anything else does not.`)
      return { kind: "yes", reply }
  }
}

/** Lines of files stay as they are. */
async function shown({ name }: CommandLine, text: string, { columns }: Commanded): Promise<string> {
  return name === "diff" ? text : wrapped(text, await columns())
}

/** What is chosen is shortened where both do not fit: what is told of it stays whole. */
function row({ label, detail }: Choice, number: number, columns: number): string {
  const head = `${String(number).padStart(4)}  `
  const tail = detail === "" ? "" : `  · ${detail}`
  const left = Math.max(columns - Bun.stringWidth(head + tail), LABEL_COLUMNS_MIN)
  return `${head}${clipped(label, left)}${tail}`
}

const LABEL_COLUMNS_MIN = 12

/** What a line answers. Anything but a plain choice or a yes leaves all as it is. */
export async function answered(waiting: Waiting, text: string, at: Commanded): Promise<Waiting | undefined> {
  if (waiting.kind === "yes") {
    if (/^y(es)?$/i.test(text)) await carryOut(waiting.reply, at)
    else at.say("Nothing was done.")
    return undefined
  }
  const chosen = /^\d+$/.test(text) ? waiting.commands[Number(text) - 1] : undefined
  if (chosen !== undefined) {
    const [name = "", ...rest] = chosen.split(" ")
    return await command({ name, args: rest.join(" ") }, at)
  }
  if (text === "") return undefined
  at.say(`${text} is none of them: 1 to ${waiting.commands.length}, or Enter alone.`)
  return waiting
}

/** A refusal is said, and the conversation goes on. */
async function resolved(line: CommandLine, { engine, sessionId }: Commanded): Promise<CommandReply> {
  try {
    return await engine.ask({ type: "command.resolve", sessionId, ...line })
  } catch (error) {
    if (error instanceof SkeinError) return { kind: "usage", text: error.message }
    throw error
  }
}

/** What may take as long as an answer does. */
const ASKS_MODEL: readonly Op["type"][] = ["context.compact", "session.handoff"]

/** An op whose receipt names another session leads there. */
async function carryOut({ ops, done }: Ops, { engine, sessionId, say, open, columns }: Commanded): Promise<void> {
  if (ops.some(({ type }) => ASKS_MODEL.includes(type))) say("  The model is asked; Ctrl+C stops it.")
  let movedTo: SessionId | undefined
  for (const op of ops) {
    const receipt = await engine.submit(op)
    if (receipt.status === "rejected") return say(`  ${receipt.message}`)
    if (receipt.sessionId !== sessionId) movedTo = receipt.sessionId
  }
  const isNew = ops.some(({ type }) => type === "session.create")
  if (movedTo !== undefined) await open(movedTo, isNew)
  if (done !== undefined) say(wrapped(done, await columns()))
}
