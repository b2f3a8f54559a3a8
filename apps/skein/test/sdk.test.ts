import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { type Event, SkeinError, startSkein, TurnFailed, tool } from "@skein/sdk"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { append } from "./ground/model.ts"
import { embedded } from "./ground/sdk.ts"

const HANG_MS = 60_000
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)

const SHAPE = { type: "object", properties: { n: { type: "number" } }, required: ["n"], additionalProperties: false }

describeBinary("a program that leads skein by the SDK", () => {
  test(
    "says something, and has the answer, what it cost and what was done",
    async () => {
      await using my = await embedded({ calls: [append("one")] }, { text: "Done." })
      const session = await my.skein.session({ mode: "full" })
      const result = await session.prompt("go")

      expect(result).toMatchObject({ sessionId: session.id, text: "Done.", outcome: { kind: "completed" } })
      expect(result.items.map(({ kind }) => kind)).toEqual(["user_message", "tool_call", "agent_message"])
      expect(result.usage.output).toBeGreaterThan(0)
      expect(result.changes).toEqual([
        { path: my.scene.path("ran.txt"), kind: "add", diff: expect.stringContaining("+one") },
      ])
    },
    HANG_MS,
  )

  test(
    "follows a turn event by event, and has its result behind that",
    async () => {
      await using my = await embedded({ text: "Hello there." })
      const turn = await (await my.skein.session()).stream("hi")
      const events: Event[] = []
      for await (const event of turn) events.push(event)

      expect([events[0]?.type, events.at(-1)?.type]).toEqual(["turn.started", "turn.ended"])
      expect(events.flatMap((event) => (event.type === "item.delta" ? [event.text] : [])).join("")).toBe("Hello there.")
      expect((await turn.result()).text).toBe("Hello there.")
    },
    HANG_MS,
  )

  test(
    "reads what stream gives at once, or asks it for its result",
    async () => {
      await using my = await embedded({ text: "Hello there." }, { text: "And again." })
      const session = await my.skein.session()
      const events: Event[] = []
      for await (const event of session.stream("hi")) events.push(event)

      expect([events[0]?.type, events.at(-1)?.type]).toEqual(["turn.started", "turn.ended"])
      expect((await session.stream("hi").result()).text).toBe("And again.")
    },
    HANG_MS,
  )

  test(
    "hears why a turn cannot begin where it reads, and lives on where it does not look",
    async () => {
      await using my = await embedded({ text: "Hello there." })
      const script = `
        import { startSkein } from ${JSON.stringify(import.meta.resolve("@skein/sdk"))}
        const skein = await startSkein({ path: ${JSON.stringify(BINARY)} })
        const session = await skein.session()
        const signal = AbortSignal.abort()
        session.stream("nobody looks", { signal })
        session.queue("nobody looks", { signal })
        await session.read()
        const read = async () => { for await (const _ of session.stream("hi", { signal })); }
        console.log(await read().catch((error) => error.name))
        await skein.close()`
      const { cwd, env } = my.scene
      const child = Bun.spawn([process.execPath, "-e", script], { cwd, env, stderr: "pipe" })
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
      expect([await child.exited, out, err]).toEqual([0, "AbortError\n", ""])
    },
    HANG_MS,
  )

  test(
    "may leave the events of a turn early and still wait for its end",
    async () => {
      await using my = await embedded({ text: "Hello there." })
      const turn = await (await my.skein.session()).stream("hi")
      for await (const _ of turn) break

      expect((await turn.result()).text).toBe("Hello there.")
    },
    HANG_MS,
  )

  test(
    "decides what may run: yes, no with a reason, or with other arguments",
    async () => {
      await using my = await embedded(
        { calls: [append("one")] },
        { calls: [append("two")] },
        { calls: [append("three")] },
        { text: "Done." },
      )
      const asked: string[] = []
      const session = await my.skein.session({
        mode: "ask",
        onApproval({ title, call }) {
          asked.push(title)
          const { command = "" } = (call?.input ?? {}) as { command?: string }
          if (command.includes("two")) return { answer: "reject_once", feedback: "Not that one." }
          return command.includes("three") ? { answer: "allow_once", updatedInput: append("four").args } : true
        },
      })
      await session.prompt("go")

      expect(my.scene.read("ran.txt")).toBe("one\nfour\n")
      expect(asked.length).toBeGreaterThanOrEqual(3)
      expect(my.server.requests.map(({ text }) => text).join("")).toContain("Not that one.")
    },
    HANG_MS,
  )

  test(
    "that cannot decide has said no, and one that decides nothing is never waited for",
    async () => {
      await using my = await embedded({ calls: [append("one")] }, { text: "Done." })
      const failing = await my.skein.session({
        mode: "ask",
        onApproval() {
          throw new Error("The desk is empty.")
        },
      })
      await failing.prompt("go")
      expect(my.server.requests.at(-1)?.text).toContain("The desk is empty.")
      await (await my.skein.session({ mode: "ask" })).prompt("go")

      expect(my.scene.files(my.scene.cwd)).toEqual([])
    },
    HANG_MS,
  )

  test(
    "answers questions by label, number or in words",
    async () => {
      const options = [{ label: "Red" }, { label: "Blue" }]
      const questions = [
        { header: "Colour", question: "Which colour?", options },
        { header: "Size", question: "Which size?", options: [{ label: "S" }, { label: "L" }] },
      ]
      await using my = await embedded({ calls: [{ name: "question", args: { questions } }] }, { text: "Painted." })
      const session = await my.skein.session({ onQuestion: (asked) => asked.map((_, at) => (at === 0 ? "blue" : "2")) })
      await session.prompt("paint it")

      const said = my.server.requests.at(-1)?.text
      expect(said).toContain("Which colour?\\n→ Blue")
      expect(said).toContain("Which size?\\n→ L")
    },
    HANG_MS,
  )

  test(
    "gives functions of its own as tools, whose failures the model is told",
    async () => {
      const call = (city: unknown) => ({ calls: [{ name: "mcp__host__weather", args: { city } }] })
      await using my = await embedded(call("Ulm"), call(7), { text: "Sunny." })
      const weather = tool<{ city: string }>({
        name: "weather",
        description: "The weather of a city now.",
        isReadOnly: true,
        input: {
          toJSONSchema: () => ({ type: "object", properties: { city: {} }, required: ["city"] }),
          parse(value) {
            const { city } = value as { city: unknown }
            if (typeof city !== "string") throw new Error("city is to be a text")
            return { city }
          },
        },
        run: ({ city }) => ({ city, sky: "clear" }),
      })
      const session = await my.skein.session({ mode: "ask", hostTools: [weather] })
      const { text, items } = await session.prompt("how is it?")

      expect(text).toBe("Sunny.")
      const results = items.flatMap((item) => (item.kind === "tool_call" ? [item.result?.forModel] : []))
      expect(JSON.stringify(results[0])).toContain('{\\"city\\":\\"Ulm\\",\\"sky\\":\\"clear\\"}')
      expect(JSON.stringify(results[1])).toContain("city is to be a text")
    },
    HANG_MS,
  )

  test(
    "gives tools that are called unasked until the turn has read what others may have written, and no rule of a person asks",
    async () => {
      const calls = (...names: string[]) => names.map((name) => ({ calls: [{ name: `mcp__host__${name}`, args: {} }] }))
      const again = ["put", "put"]
      await using my = await embedded(
        ...[...calls("own", "own", "look", "look", "put", "own"), { text: "Asked." }],
        ...[...calls(...again), { text: "Refused." }],
        ...[...calls("own"), { text: "By rule." }],
        ...[...calls("own"), { text: "Planned." }],
      )
      const ran: string[] = []
      const made = (name: string, more: object) =>
        tool({ name, description: `Does ${name}.`, run: () => void ran.push(name), ...more })
      const hostTools = [made("own", { isTrusted: true }), made("look", { isReadOnly: true }), made("put", {})]
      const asked: (readonly [string | undefined, string])[] = []
      const session = await my.skein.session({
        ...{ mode: "ask", hostTools },
        onApproval: ({ call, reasons }) => asked.push([call?.name, reasons.join("; ")]) > 0,
      })
      await session.prompt("a")

      expect(ran.splice(0)).toEqual(["own", "own", "look", "look", "put", "own"])
      const tainted =
        "it calls a server; this turn has read what the MCP server host said, which others may have written"
      expect(asked.map(([name, why]) => [name, why.slice(0, tainted.length)])).toEqual([
        ["mcp__host__put", tainted],
        ["mcp__host__own", tainted],
      ])
      const alone = await my.skein.session({ mode: "ask", hostTools })
      await alone.prompt("b")
      expect(ran.splice(0)).toEqual(["put"])
      const rule = { tool: "mcp__host__own", decision: "ask", scope: "session" } as const
      await my.skein.engine.submit({ type: "rule.add", sessionId: alone.id, rule })
      await alone.prompt("c")
      await (await my.skein.session({ mode: "plan", hostTools })).prompt("d")
      expect(ran).toEqual([])
    },
    HANG_MS,
  )

  test(
    "interrupts by an abort signal: the turn says so, and what ran of its own tools hears of it",
    async () => {
      await using my = await embedded({ calls: [{ name: "mcp__host__wait", args: {} }] }, { text: "Never." })
      const stop = new AbortController()
      const heard = Promise.withResolvers<void>()
      const wait = tool({
        name: "wait",
        description: "Waits.",
        run: (_, { signal }) => {
          signal.addEventListener("abort", () => heard.resolve())
          stop.abort()
          return new Promise<string>(() => undefined)
        },
      })
      const session = await my.skein.session({ hostTools: [wait] })
      const { outcome } = await session.prompt("wait", { signal: stop.signal })

      expect(outcome.kind).toBe("interrupted")
      await heard.promise
      await expect(session.prompt("again", { signal: stop.signal })).rejects.toThrow()
    },
    HANG_MS,
  )

  test(
    "has JSON of a schema from one turn, and plain text from the next",
    async () => {
      await using my = await embedded({ text: '{"n":3}' }, { text: "Plain." })
      const session = await my.skein.session()
      const { value } = await session.prompt<{ n: number }>("how many?", { outputSchema: SHAPE })

      expect(value.n).toBe(3)
      expect(my.server.requests.at(-1)?.text).toContain("additionalProperties")
      expect((await session.prompt("and why?")).text).toBe("Plain.")
      expect((await session.read()).settings.outputSchema).toBeUndefined()
    },
    HANG_MS,
  )

  test(
    "shows the model an image of a file or of memory, and is told what is none",
    async () => {
      await using my = await embedded({ text: "A dot." })
      writeFileSync(my.scene.path("dot.png"), PNG)
      const session = await my.skein.session()
      const path = my.scene.path("dot.png")
      await session.prompt(["look", { type: "image", path }, { type: "image", bytes: PNG }])

      const sent = my.server.requests.at(-1)?.text ?? ""
      expect(sent.split(PNG.toString("base64")).length).toBe(3)
      const none = session.prompt([{ type: "image", bytes: Buffer.from("no image") }])
      await expect(none).rejects.toMatchObject({ code: "op.invalid", message: expect.stringContaining("no PNG") })
    },
    HANG_MS,
  )

  test(
    "is told as an error that a turn failed, and has what there is of it",
    async () => {
      await using my = await embedded((asked) => asked.refuse(401, asked.wire.error("authentication_error", "No.")))
      const session = await my.skein.session()
      const failure = await session.prompt("hi").catch((error: unknown) => error)

      expect(failure).toBeInstanceOf(TurnFailed)
      expect(failure).toMatchObject({ code: "provider.auth", result: { outcome: { kind: "failed" } } })
    },
    HANG_MS,
  )

  test(
    "is told where there is no skein, and where there is none that serves",
    async () => {
      const nowhere = await startSkein({ path: "/nowhere/skein" }).catch((error: unknown) => error)
      expect(nowhere).toBeInstanceOf(SkeinError)
      expect(nowhere).toMatchObject({ message: expect.stringContaining("SKEIN_PATH") })
      const other = await startSkein({ path: "/bin/true" }).catch((error: unknown) => error)
      expect(other).toBeInstanceOf(SkeinError)
    },
    HANG_MS,
  )
})
