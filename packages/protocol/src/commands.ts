import type { InputPart } from "./content.ts"
import { nearestName } from "./distance.ts"
import type { Engine } from "./engine.ts"
import type { SessionId } from "./ids.ts"
import type { Op } from "./ops.ts"
import type { CommandReply } from "./replies.ts"

/** `/name args` as a person wrote it. */
export interface CommandLine {
  readonly name: string
  readonly args: string
}

/** What a line asks for when it is a command; a path or a comment that begins with `/` is none. */
export function commandLine(text: string): CommandLine | undefined {
  const [, name, args = ""] = /^\/([a-z][\w:.-]*)(?:\s+([\s\S]*))?$/i.exec(text.trim()) ?? []
  return name === undefined ? undefined : { name, args: args.trim() }
}

/**
 * The same, for a client whose prompts may hold any words: one text, and only a command that can do something, or a lone word that is
 * a slip of one, which is told instead of sent. With a session, the prompts of its folder are commands too.
 */
export async function knownCommandLine(
  engine: Pick<Engine, "ask">,
  input: readonly InputPart[],
  sessionId?: SessionId,
): Promise<CommandLine | undefined> {
  const [part, ...more] = input
  const line = part?.type === "text" && more.length === 0 ? commandLine(part.text) : undefined
  if (line === undefined) return undefined
  const commands = await engine.ask({ type: "commands.list", sessionId })
  const names = commands.flatMap(({ name, aliases, blocker }) => (blocker === undefined ? [name, ...aliases] : []))
  const isKnown = names.includes(line.name) || names.includes(line.name.toLowerCase())
  const isSlip = line.args === "" && line.name.length >= SLIP_CHARS_MIN && nearestName(line.name, names) !== undefined
  return isKnown || isSlip ? line : undefined
}

/** Anything shorter is near to something. */
const SLIP_CHARS_MIN = 4

/** An op that begins a turn at once. */
export type TurnOp = Op<"turn.submit" | "call.make">

/** A prompt that is a command, with what it asks for: found out once, because a person's own programs may be run for it. */
export interface AskedCommand {
  readonly line: CommandLine
  /** The turn that it stands for, for a client that shows a turn to its end; undefined where it does something else. */
  readonly turn: TurnOp | undefined
  /** Carries it out, for a client that shows text and asks nothing. */
  run(): Promise<CommandOutcome>
}

/** The command that a prompt is; undefined for any other prompt. Changes nothing before it is run. */
export async function commandAsked(
  engine: Pick<Engine, "ask" | "submit">,
  sessionId: SessionId,
  input: readonly InputPart[],
): Promise<AskedCommand | undefined> {
  const line = await knownCommandLine(engine, input, sessionId)
  if (line === undefined) return undefined
  const reply = await engine.ask({ type: "command.resolve", sessionId, ...line })
  return { line, turn: turnOf(reply, sessionId), run: () => outcomeOf(engine, sessionId, line, reply) }
}

/** Its turn alone; see `AskedCommand`. Changes nothing. */
export async function turnOfCommand(
  engine: Pick<Engine, "ask">,
  sessionId: SessionId,
  input: readonly InputPart[],
): Promise<TurnOp | undefined> {
  const line = await knownCommandLine(engine, input, sessionId)
  if (line === undefined) return undefined
  return turnOf(await engine.ask({ type: "command.resolve", sessionId, ...line }), sessionId)
}

function turnOf(reply: CommandReply, sessionId: SessionId): TurnOp | undefined {
  if (reply.kind !== "ops" || reply.confirm !== undefined || reply.ops.length !== 1) return undefined
  const [op] = reply.ops
  if (op === undefined || (op.type !== "turn.submit" && op.type !== "call.make")) return undefined
  const isHere = op.sessionId === sessionId && (op.type === "call.make" || op.delivery === "start")
  return isHere ? op : undefined
}

/** What came of a command. */
export interface CommandOutcome {
  readonly text: string
  /** The session that it leads to. */
  readonly movedTo?: SessionId | undefined
  readonly isRefused: boolean
}

/** Runs a command for a client that shows text and asks nothing: choices and questions are told as commands to send. */
export async function runCommand(
  engine: Pick<Engine, "ask" | "submit">,
  sessionId: SessionId,
  line: CommandLine,
): Promise<CommandOutcome> {
  return outcomeOf(engine, sessionId, line, await engine.ask({ type: "command.resolve", sessionId, ...line }))
}

async function outcomeOf(
  engine: Pick<Engine, "submit">,
  sessionId: SessionId,
  line: CommandLine,
  reply: CommandReply,
): Promise<CommandOutcome> {
  if (reply.kind !== "ops") {
    const movedTo = reply.kind === "open" ? reply.sessionId : undefined
    return { text: replyText(reply), movedTo, isRefused: reply.kind === "usage" }
  }
  if (reply.confirm !== undefined) {
    const again = `/${[line.name, line.args, "yes"].filter((word) => word !== "").join(" ")}`
    return { text: `${reply.confirm}\n\nNothing was done yet. To do it: ${again}`, isRefused: false }
  }
  return carriedOut(engine, sessionId, reply)
}

async function carriedOut(
  engine: Pick<Engine, "submit">,
  sessionId: SessionId,
  { ops, done = "" }: Extract<CommandReply, { kind: "ops" }>,
): Promise<CommandOutcome> {
  let movedTo: SessionId | undefined
  for (const op of ops) {
    const receipt = await engine.submit(op)
    if (receipt.status === "rejected") return { text: receipt.message, movedTo, isRefused: true }
    if (receipt.sessionId !== sessionId) movedTo = receipt.sessionId
  }
  return { text: movedTo === undefined ? done : `${done}\nThe session is ${movedTo}.`, movedTo, isRefused: false }
}

function replyText(reply: Exclude<CommandReply, { kind: "ops" }>): string {
  if (reply.kind === "open") return `That is the session ${reply.sessionId}.`
  if (reply.kind !== "choose") return reply.text
  const choices = reply.choices.map(
    ({ label, detail, command }) => `${label}${detail === "" ? "" : `  (${detail})`}\n    /${command}`,
  )
  return [reply.title, ...choices].join("\n")
}
