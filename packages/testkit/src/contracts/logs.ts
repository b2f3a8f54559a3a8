import { afterEach, describe, expect, test } from "bun:test"
import type { LogPort, LogsPort } from "@skein/core/ports"
import type { DurableDraft, DurableEvent, SessionId } from "@skein/protocol"

/** What every LogsPort promises. `make` gives an empty one; what it holds may be removed by `cleanUp` after each test. */
export function logsPortContract(name: string, make: () => LogsPort, cleanUp: () => void = () => {}): void {
  describe(`${name} is a LogsPort`, () => {
    const held: LogPort[] = []
    afterEach(async () => {
      for (const log of held.splice(0)) await log.close()
      cleanUp()
    })
    const keep = (log: LogPort) => {
      held.push(log)
      return log
    }

    test("what was appended is read back unchanged, in order, by a reader and by the next writer", async () => {
      const logs = make()
      const written = sessionEvents("ses_a", 12)
      const log = await logs.create("ses_a")
      expect(log.events).toEqual([])
      await log.append(written.slice(0, 3), { flush: true })
      await log.append([], { flush: true })
      await log.append(written.slice(3), { flush: false })

      expect(await logs.read("ses_a")).toEqual(written)
      await log.close()
      expect(keep(await logs.open("ses_a")).events).toEqual(written)
    })

    test("a log goes on where it ended", async () => {
      const logs = make()
      const written = sessionEvents("ses_a", 4)
      const first = await logs.create("ses_a")
      await first.append(written.slice(0, 2), { flush: true })
      await first.close()
      const second = keep(await logs.open("ses_a"))
      await second.append(written.slice(2), { flush: true })

      expect(await logs.read("ses_a")).toEqual(written)
    })

    test("a reader may start anywhere, and past the end finds nothing", async () => {
      const logs = make()
      const log = keep(await logs.create("ses_a"))
      await log.append(sessionEvents("ses_a", 9), { flush: false })

      expect((await logs.read("ses_a", 7)).map((event) => event.seq)).toEqual([7, 8, 9])
      expect(await logs.read("ses_a", 10)).toEqual([])
    })

    test("event types and fields of a newer skein are kept", async () => {
      const logs = make()
      const [created] = sessionEvents("ses_a", 1)
      const unknown = JSON.parse(
        '{"v":1.5,"seq":2,"id":"evt_x","at":5,"sessionId":"ses_a","type":"moon.risen","sum":"mine","deep":{"a":[1,null]}}',
      )
      const log = keep(await logs.create("ses_a"))
      await log.append(created === undefined ? [] : [created, unknown], { flush: true })

      expect((await logs.read("ses_a")).at(1)).toEqual(unknown)
    })

    test("text of every kind comes back as it was", async () => {
      const logs = make()
      const text = `\u0000\u0007\n\r\t"\\ \u2028 \ud83e\uddf6 ü ${"é".repeat(70_000)} \ud800`
      const log = keep(await logs.create("ses_a"))
      const written = sessionEvents("ses_a", 3, text)
      await log.append(written, { flush: true })

      expect(await logs.read("ses_a")).toEqual(written)
    })

    test("a second writer is refused until the first has closed", async () => {
      const logs = make()
      const log = await logs.create("ses_a")
      await log.append(sessionEvents("ses_a", 1), { flush: true })

      expect(await codeOf(logs.open("ses_a"))).toBe("session.in_use")
      expect(await codeOf(logs.create("ses_a"))).toBe("session.exists")
      await log.close()
      keep(await logs.open("ses_a"))
    })

    test("a session is created once, and one that was never written to does not exist", async () => {
      const logs = make()
      const abandoned = await logs.create("ses_a")
      await abandoned.close()
      expect(await codeOf(logs.open("ses_a"))).toBe("session.not_found")
      expect(await codeOf(logs.read("ses_a"))).toBe("session.not_found")

      const log = await logs.create("ses_a")
      await log.append(sessionEvents("ses_a", 1), { flush: true })
      await log.close()
      expect(await codeOf(logs.create("ses_a"))).toBe("session.exists")
      expect(await codeOf(logs.open("ses_b"))).toBe("session.not_found")
    })

    test("an event out of its place is refused, and the log stays as it was", async () => {
      const logs = make()
      const written = sessionEvents("ses_a", 3)
      const log = keep(await logs.create("ses_a"))
      await log.append(written.slice(0, 1), { flush: true })

      expect(await codeOf(log.append(written.slice(2), { flush: true }))).toBe("none")
      await log.append(written.slice(1), { flush: true })
      expect(await logs.read("ses_a")).toEqual(written)
    })

    test("a closed log takes nothing, and may be closed again", async () => {
      const logs = make()
      const log = await logs.create("ses_a")
      await log.close()
      await log.close()
      expect(await codeOf(log.append(sessionEvents("ses_a", 1), { flush: false }))).toBe("session.closed")
    })

    test("the list is newest first, within its folder and limit, and says what each session is", async () => {
      const logs = make()
      expect(await logs.list({})).toEqual([])
      for (const [index, sessionId] of (["ses_a", "ses_b", "ses_c"] as const).entries()) {
        const log = keep(await logs.create(sessionId))
        const cwd = sessionId === "ses_b" ? "/elsewhere" : "/code"
        await log.append(
          sessionEvents(sessionId, 5, `hello\n  ${sessionId} ${"x".repeat(300)}`, { at: 1000 * (index + 1), cwd }),
          {
            flush: true,
          },
        )
      }

      const rows = await logs.list({})
      expect(rows.map((row) => row.sessionId)).toEqual(["ses_c", "ses_b", "ses_a"])
      expect((await logs.list({ cwd: "/code" })).map((row) => row.sessionId)).toEqual(["ses_c", "ses_a"])
      expect((await logs.list({ cwd: "/code", limit: 1 })).map((row) => row.sessionId)).toEqual(["ses_c"])
      expect(rows[1]).toEqual({
        sessionId: "ses_b",
        cwd: "/elsewhere",
        createdAt: 2001,
        updatedAt: 2005,
        title: "Title 2",
        preview: `hello ses_b ${"x".repeat(187)}…`,
        isInteractive: true,
        isArchived: true,
      })
    })
  })
}

/** A session of `count` events: created, a first turn, two changes, then streamed text. */
export function sessionEvents(
  sessionId: SessionId,
  count: number,
  text = "hello",
  options: { readonly at?: number; readonly cwd?: string } = {},
): DurableEvent[] {
  const { at = 0, cwd = "/code" } = options
  return Array.from({ length: count }, (_, index) => ({
    ...draft(index, text, cwd),
    v: 1,
    seq: index + 1,
    id: `evt_${index + 1}`,
    at: at + index + 1,
    sessionId,
  }))
}

function draft(index: number, text: string, cwd: string): DurableDraft {
  const settings = { model: "test/one", mode: "ask", sandbox: "workspace-write", extraRoots: [], limits: {} } as const
  if (index === 0) {
    return {
      type: "session.created",
      workspace: { path: cwd },
      settings: { ...settings, extraRoots: [] },
      versions: { skein: "0" },
      isInteractive: true,
    }
  }
  if (index === 1) {
    return { type: "turn.started", turnId: "trn_1", inputId: "inp_1", input: [{ type: "text", text }], source: "user" }
  }
  if (index === 2) return { type: "session.changed", title: "Title 1" }
  if (index === 3) return { type: "session.changed", title: "Title 2", isArchived: true }
  return {
    type: "item.appended",
    turnId: "trn_1",
    step: 1,
    itemId: "itm_1",
    kind: "agent_message",
    text: `${text} ${index}`,
  }
}

/** The SkeinError code a promise rejects with; `none` for another error. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error("It did not reject"),
    (reason: unknown) => reason,
  )
  if (error instanceof Error && error.message === "It did not reject") throw error
  return error instanceof Error && "code" in error ? String(error.code) : "none"
}
