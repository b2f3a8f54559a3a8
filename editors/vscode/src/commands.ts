import type { CommandReply, SessionId } from "@skein/protocol"
import * as vscode from "vscode"
import type { Session } from "./session.ts"

export interface CommandUi {
  /** Goes on in another session. */
  readonly open: (sessionId: SessionId) => Promise<void>
  /** A prompt, and no command. */
  readonly say: (text: string) => Promise<void>
}

/** Does what a line of the composer asks for: a prompt, `/name args`, or `!command`. What a command means, skein says. */
export async function runLine(session: Session, line: string, ui: CommandUi): Promise<void> {
  const [, mark, command] = /^(!!?)\s*(\S[\s\S]*)$/.exec(line) ?? []
  if (command !== undefined) {
    await session.submit({ type: "shell.run", command, ...(mark === "!!" ? { isPrivate: true } : {}) })
    return
  }
  const [, name, args = ""] = /^\/([a-z][\w:.-]*)(?:\s+([\s\S]*))?$/i.exec(line) ?? []
  const isKnown = name !== undefined && (await known(session)).has(name)
  if (isKnown) await resolve(session, name, args.trim(), ui)
  else await ui.say(line)
}

async function known(session: Session): Promise<Set<string>> {
  const commands = await session.wire.ask({ type: "commands.list", sessionId: session.id })
  return new Set(commands.flatMap(({ name, aliases, blocker }) => (blocker === undefined ? [name, ...aliases] : [])))
}

async function resolve(session: Session, name: string, args: string, ui: CommandUi): Promise<void> {
  const reply = await session.wire.ask({ type: "command.resolve", sessionId: session.id, name, args })
  switch (reply.kind) {
    case "ops":
      return carryOut(session, reply, ui)
    case "choose":
      return choose(session, reply, ui)
    case "open":
      return ui.open(reply.sessionId)
    default:
      session.note("info", reply.text)
  }
}

async function carryOut(session: Session, reply: Extract<CommandReply, { kind: "ops" }>, ui: CommandUi): Promise<void> {
  if (reply.confirm !== undefined) {
    const answer = await vscode.window.showWarningMessage(reply.confirm, { modal: true }, "Yes")
    if (answer !== "Yes") return session.note("info", "Nothing was done.")
  }
  for (const op of reply.ops) {
    const receipt = await session.wire.submit(op)
    if (receipt.sessionId !== session.id) return ui.open(receipt.sessionId)
  }
  if (reply.done !== undefined) session.note("info", reply.done)
}

async function choose(
  session: Session,
  reply: Extract<CommandReply, { kind: "choose" }>,
  ui: CommandUi,
): Promise<void> {
  const items = reply.choices.map(({ label, detail, command }) => ({ label, description: detail, command }))
  const picked = await vscode.window.showQuickPick(items, { title: reply.title, matchOnDescription: true })
  if (picked === undefined) return
  const [name = "", ...args] = picked.command.split(" ")
  return resolve(session, name, args.join(" "), ui)
}
