import { afterEach, describe, expect, test } from "bun:test"
import type { LogPort, LogsPort, ReplayPoint } from "@skein/core/ports"
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

    test("a point gives the next writer its state and only what came after it", async () => {
      const logs = make()
      const written = sessionEvents("ses_a", 9)
      const first = await logs.create("ses_a")
      expect(first.point).toBeUndefined()
      await first.append(written.slice(0, 5), { flush: true })
      await first.savePoint({ seq: 5, state: { deep: ["ü", null, 5] } })
      await first.append(written.slice(5, 7), { flush: true })
      await first.close()

      const second = await logs.open("ses_a")
      expect(second.point).toEqual({ seq: 5, state: { deep: ["ü", null, 5] } })
      expect(second.events).toEqual(written.slice(5, 7))
      await second.append(written.slice(7), { flush: true })
      await second.savePoint({ seq: 9, state: "nine" })
      await second.close()
      const third = keep(await logs.open("ses_a"))
      expect([third.point, third.events]).toEqual([{ seq: 9, state: "nine" }, []])
      expect(await logs.read("ses_a")).toEqual(written)
    })

    test("a reader is given what is in the log as it is read, and the log holds none of it", async () => {
      const given = make()
      const all = sessionEvents("ses_a", 8)
      const log = await given.create("ses_a")
      await log.append(all, { flush: false })
      const whole = await takenBy(given, log)
      expect(whole).toEqual({ point: undefined, taken: all, held: [] })

      const again = await given.open("ses_a")
      await again.savePoint({ seq: 5, state: { so: "far" } })
      const tail = await takenBy(given, again)
      expect(tail).toEqual({ point: { seq: 5, state: { so: "far" } }, taken: all.slice(5), held: [] })
    })

    test("a point of an event that is not there, or of a closed log, is not kept", async () => {
      const logs = make()
      const first = await logs.create("ses_a")
      await first.append(sessionEvents("ses_a", 2), { flush: true })
      await first.savePoint({ seq: 3, state: "ahead" })
      await first.close()
      await first.savePoint({ seq: 2, state: "late" })
      const second = keep(await logs.open("ses_a"))
      expect([second.point, second.events.length]).toEqual([undefined, 2])
    })

    test("a follower gets what is there, then what is written, until it is told to stop", async () => {
      const logs = make()
      const written = sessionEvents("ses_a", 8)
      const log = keep(await logs.create("ses_a"))
      await log.append(written.slice(0, 4), { flush: false })
      const stop = new AbortController()
      const seen: DurableEvent[] = []
      for await (const events of logs.follow("ses_a", 3, stop.signal)) {
        seen.push(...events)
        if (seen.length === 2) await log.append(written.slice(4, 7), { flush: false })
        if (seen.length === 5) await log.append(written.slice(7), { flush: false })
        if (seen.length === 6) stop.abort()
      }
      expect(seen).toEqual(written.slice(2))
    })

    test("a follower that is told to stop while nothing happens stops, and one of no session is told so", async () => {
      const logs = make()
      const log = keep(await logs.create("ses_a"))
      await log.append(sessionEvents("ses_a", 1), { flush: false })
      const stop = new AbortController()
      const followed = (async () => {
        for await (const _ of logs.follow("ses_a", 5, stop.signal)) throw new Error("There is no event 5")
      })()
      await Promise.resolve()
      stop.abort()
      await followed
      const none = async () => {
        for await (const _ of logs.follow("ses_none", 1, new AbortController().signal)) return
      }
      expect(await codeOf(none())).toBe("session.not_found")
    })

    test("a deleted session is gone, and its id may be used again", async () => {
      const logs = make()
      const log = await logs.create("ses_a")
      await log.append(sessionEvents("ses_a", 3), { flush: true })
      await log.savePoint({ seq: 3, state: 3 })
      expect(await codeOf(logs.delete("ses_a"))).toBe("session.in_use")
      await log.close()
      await logs.delete("ses_a")
      expect(await codeOf(logs.delete("ses_a"))).toBe("session.not_found")
      expect(await codeOf(logs.read("ses_a"))).toBe("session.not_found")
      const again = keep(await logs.create("ses_a"))
      expect([again.point, again.events]).toEqual([undefined, []])
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

/** What a reader gets when the log is opened anew. */
async function takenBy(logs: LogsPort, open: LogPort) {
  await open.close()
  let point: ReplayPoint | undefined
  const taken: DurableEvent[] = []
  const log = await logs.open("ses_a", {
    begin: (from) => {
      point = from
    },
    take: (event) => taken.push(event),
  })
  const held = log.events
  await log.close()
  return { point, taken, held }
}
