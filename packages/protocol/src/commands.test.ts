import { expect, test } from "bun:test"
import {
  type CommandReply,
  commandAsked,
  commandLine,
  knownCommandLine,
  type Op,
  type Query,
  runCommand,
} from "./index.ts"

/** An engine that replies to every command alike, and to ops with receipts of one session. */
function engineOf(reply: CommandReply, receipt: { sessionId: `ses_${string}` } | string = { sessionId: "ses_1" }) {
  const ops: Op[] = []
  return {
    ops,
    async ask({ type }: Query) {
      const command = { aliases: [], summary: "", usage: "", whileBusy: false }
      const list = [
        { ...command, name: "undo", aliases: ["back"] },
        { ...command, name: "swarm", blocker: "There is none yet." },
      ]
      return (type === "commands.list" ? list : reply) as never
    },
    async submit(op: Op) {
      ops.push(op)
      return typeof receipt === "string"
        ? ({ status: "rejected", code: "op.invalid", message: receipt } as const)
        : ({ status: "accepted", seq: 1, ...receipt } as const)
    },
  }
}

const STOP = { type: "turn.interrupt", sessionId: "ses_1" } as const

test("a command begins with a slash and a word; a path, a comment and a sum do not", () => {
  expect(commandLine(" /goal ship it \n and rest ")).toEqual({ name: "goal", args: "ship it \n and rest" })
  expect(commandLine("/import-codex")).toEqual({ name: "import-codex", args: "" })
  for (const text of ["/etc/hosts", "// why", "/", "/2 of it", "a /goal"]) expect(commandLine(text)).toBeUndefined()
})

test("a prompt is a command only when it is one text and there is such a command, by any of its names", async () => {
  const engine = engineOf({ kind: "show", text: "" })
  const text = (value: string) => ({ type: "text", text: value }) as const
  expect(await knownCommandLine(engine, [text("/back 2")])).toEqual({ name: "back", args: "2" })
  expect(await knownCommandLine(engine, [text("/fly")])).toBeUndefined()
  // What cannot do anything yet is a word like any other.
  expect(await knownCommandLine(engine, [text("/swarm")])).toBeUndefined()
  expect(await knownCommandLine(engine, [text("/unod")])).toEqual({ name: "unod", args: "" })
  expect(await knownCommandLine(engine, [text("/unod of what?")])).toBeUndefined()
  expect(await knownCommandLine(engine, [text("/undo"), text("more")])).toBeUndefined()
  expect(await knownCommandLine(engine, [{ type: "image", mediaType: "image/png", data: "" }])).toBeUndefined()
})

test("without anybody to ask, nothing is done that asks first: it is told how", async () => {
  const engine = engineOf({ kind: "ops", ops: [STOP], confirm: "Files:\n  a.ts", done: "Done." })
  expect(await runCommand(engine, "ses_1", { name: "undo", args: "2" })).toEqual({
    text: "Files:\n  a.ts\n\nNothing was done yet. To do it: /undo 2 yes",
    isRefused: false,
  })
  expect(engine.ops).toEqual([])
})

test("ops are submitted up to the first that is refused, and a receipt says where they lead", async () => {
  const reply = { kind: "ops", ops: [STOP, STOP], done: "Done." } as const
  expect(await runCommand(engineOf(reply), "ses_1", { name: "x", args: "" })).toEqual({
    text: "Done.",
    movedTo: undefined,
    isRefused: false,
  })
  const moved = await runCommand(engineOf(reply, { sessionId: "ses_2" }), "ses_1", { name: "x", args: "" })
  expect(moved).toEqual({ text: "Done.\nThe session is ses_2.", movedTo: "ses_2", isRefused: false })
  const refusing = engineOf(reply, "It is busy.")
  expect(await runCommand(refusing, "ses_1", { name: "x", args: "" })).toMatchObject({
    text: "It is busy.",
    isRefused: true,
  })
  expect(refusing.ops).toHaveLength(1)
})

test("choices are told as the commands that choose", async () => {
  const choices = [
    { label: "one", detail: "2 files", command: "rewind trn_1" },
    { label: "two", detail: "", command: "rewind trn_2" },
  ]
  const engine = engineOf({ kind: "choose", title: "Which?", choices })
  expect((await runCommand(engine, "ses_1", { name: "rewind", args: "" })).text).toBe(
    "Which?\none  (2 files)\n    /rewind trn_1\ntwo\n    /rewind trn_2",
  )
})

test("what a command asks for is found out once, whether it is a turn or carried out", async () => {
  const input = [{ type: "text", text: "/undo" } as const]
  const submitted = { type: "turn.submit", sessionId: "ses_1", input: [...input], delivery: "start" } as const
  for (const op of [STOP, submitted]) {
    const engine = engineOf({ kind: "ops", ops: [op], done: "Done." })
    const asked: string[] = []
    const counting = {
      ...engine,
      ask: (query: Query) => {
        asked.push(query.type)
        return engine.ask(query)
      },
    }
    const command = await commandAsked(counting, "ses_1", input)
    expect(command?.turn).toEqual(op === submitted ? submitted : undefined)
    if (op === STOP) expect((await command?.run())?.text).toBe("Done.")
    expect(asked).toEqual(["commands.list", "command.resolve"])
  }
})
