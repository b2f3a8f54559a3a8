import { afterEach, describe, expect, test } from "bun:test"
import type { CataloguePort, LogsPort } from "@skein/core/ports"
import type { DurableDraft, DurableEvent, SessionId, Topics } from "@skein/protocol"
import { sessionEvents } from "./logs.ts"

interface Stores {
  readonly logs: LogsPort
  readonly catalogue: CataloguePort
}

/** What every CataloguePort promises of the logs beside it. `make` gives empty ones. */
export function cataloguePortContract(name: string, make: () => Stores, cleanUp: () => void = () => {}): void {
  describe(`${name} is a CataloguePort`, () => {
    afterEach(cleanUp)

    test("without sessions every question has an answer", async () => {
      const { catalogue } = make()
      expect(await catalogue.list({ cwd: "/code" })).toEqual([])
      expect(await catalogue.search({ text: "word" })).toEqual([])
      expect(await catalogue.prompts({})).toEqual([])
      expect((await catalogue.usage({})).total.steps).toBe(0)
    })

    test("the list is newest first, within its folder, label and limit, and says what each session is", async () => {
      const { logs, catalogue } = make()
      for (const [index, sessionId] of (["ses_a", "ses_b", "ses_c"] as const).entries()) {
        const text = `hello\n  ${sessionId} ${"x".repeat(300)}`
        const cwd = sessionId === "ses_b" ? "/elsewhere" : "/code"
        await keep(logs, sessionEvents(sessionId, 3, text, { at: 1000 * (index + 1), cwd }))
      }
      await add(logs, "ses_b", [{ type: "session.changed", labels: ["a", "b"], visibility: "group" }], 2500)
      const ids = async (filter: Parameters<CataloguePort["list"]>[0]) =>
        (await catalogue.list(filter)).map((row) => row.sessionId)
      expect(await ids({})).toEqual(["ses_c", "ses_b", "ses_a"])
      expect(await ids({ cwd: "/code" })).toEqual(["ses_c", "ses_a"])
      expect(await ids({ cwd: "/code", limit: 1 })).toEqual(["ses_c"])
      expect(await ids({ label: "b" })).toEqual(["ses_b"])
      expect((await catalogue.list({}))[1]).toEqual({
        sessionId: "ses_b",
        cwd: "/elsewhere",
        createdAt: 2001,
        updatedAt: 2500,
        title: "Title 1",
        preview: `hello ses_b ${"x".repeat(187)}…`,
        isInteractive: true,
        isArchived: false,
        labels: ["a", "b"],
        visibility: "group",
        model: "test/one",
        turns: 1,
      })
    })

    test("children of other sessions are listed only when asked for, as such", async () => {
      const { logs, catalogue } = make()
      const parent = { sessionId: "ses_parent", seq: 1, kind: "subagent" } as const
      const child = sessionEvents("ses_child", 2, "hello").map((event) =>
        event.type === "session.created" ? { ...event, isInteractive: false, parent } : event,
      )
      await keep(logs, child)
      await add(logs, "ses_child", [started("test/two"), ended(10, 5, 2)], DAY)
      expect(await catalogue.list({ includesNonInteractive: true })).toEqual([])
      const [listed] = await catalogue.list({ includesNonInteractive: true, includesSubagents: true })
      expect(listed?.parent).toEqual({ sessionId: "ses_parent", kind: "subagent" })
      expect((await catalogue.usage({})).total.steps).toBeGreaterThan(0)
    })

    test("archived sessions and those of programs are listed only when asked for, but found", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_old", 4, "hello"))
      const program = sessionEvents("ses_program", 3, "hello", { at: 100 }).map((event) =>
        event.type === "session.created" ? { ...event, isInteractive: false } : event,
      )
      await keep(logs, program)
      expect(await catalogue.list({})).toEqual([])
      expect((await catalogue.list({ includesArchived: true })).map((row) => row.sessionId)).toEqual(["ses_old"])
      expect((await catalogue.list({ includesNonInteractive: true })).map((row) => row.sessionId)).toEqual([
        "ses_program",
      ])
      expect((await catalogue.search({ text: "hello" })).length).toBe(2)
    })

    test("what is added to a log is known at the next question, and what is deleted no more", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_a", 2, "first words"))
      expect(await catalogue.list({})).toMatchObject([{ preview: "first words", turns: 1 }])
      await add(logs, "ses_a", [
        { type: "session.changed", title: "Named" },
        { type: "settings.changed", changes: { model: "test/two" } },
        { type: "turn.started", turnId: "trn_2", inputId: "inp_2", source: "user", input: [text("later words")] },
      ])
      expect(await catalogue.list({})).toMatchObject([{ title: "Named", model: "test/two", turns: 2 }])
      expect(await catalogue.search({ text: "later" })).toMatchObject([{ turnId: "trn_2", seq: 5 }])
      await logs.delete("ses_a")
      expect(await catalogue.list({})).toEqual([])
      expect(await catalogue.search({ text: "later" })).toEqual([])
      expect(await catalogue.prompts({})).toEqual([])
    })

    test("a search finds the sessions in which all of the words were said, by whom or where ever, and marks them", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_a", 2, "the parser drops a comma"))
      await keep(logs, sessionEvents("ses_b", 2, "nothing of it", { cwd: "/elsewhere" }))
      await add(logs, "ses_b", [answer("A comma is kept by the parser.")])
      const found = async (question: string, cwd?: string) =>
        (await catalogue.search({ text: question, cwd })).map((hit) => hit.session.sessionId).toSorted()
      expect(await found("parser comma")).toEqual(["ses_a", "ses_b"])
      expect(await found("comma PARS")).toEqual(["ses_a", "ses_b"])
      expect(await found("parser drops")).toEqual(["ses_a"])
      expect(await found("comma", "/elsewhere")).toEqual(["ses_b"])
      expect(await found("parser nothing")).toEqual(["ses_b"])
      expect(await found('"parser drops"')).toEqual(["ses_a"])
      expect(await found('"drops parser"')).toEqual([])
      expect(await found("parser unsaid")).toEqual([])
      const [hit] = await catalogue.search({ text: "drops" })
      expect(hit).toMatchObject({ snippet: "the parser \ue000drops\ue001 a comma", turnId: "trn_1", seq: 2 })
    })

    test("anything may be searched for", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_a", 2, 'C:\\x AND (NEAR) "quoted" -col:x * ^ 100%'))
      for (const question of [
        '"',
        "'",
        "AND",
        "NOT (",
        'a" OR b:',
        "*",
        "^x",
        "-",
        "\0",
        "col:x",
        "{}",
        "\ud800",
        " ",
      ]) {
        expect(Array.isArray(await catalogue.search({ text: question }))).toBe(true)
      }
    })

    test("prompts are the person's, newest first, repeats once, of one folder when asked", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_a", 2, "one"))
      await add(logs, "ses_a", [turn("trn_2", "two"), turn("trn_3", "two"), turn("trn_4", "for a child", "parent")], 50)
      await keep(logs, sessionEvents("ses_b", 2, "three", { at: 100, cwd: "/elsewhere" }))
      const texts = async (filter: Parameters<CataloguePort["prompts"]>[0]) =>
        (await catalogue.prompts(filter)).map((prompt) => prompt.text)
      expect(await texts({})).toEqual(["three", "two", "one"])
      expect(await texts({ cwd: "/code" })).toEqual(["two", "one"])
      expect(await texts({ limit: 1 })).toEqual(["three"])
    })

    test("usage is counted by session, day, model and turn, and a fork's only once", async () => {
      const { logs, catalogue } = make()
      const spent = [turn("trn_2", "two"), started("test/two"), ended(10, 5, 2), missed(ended(20, undefined, 4))]
      await keep(logs, sessionEvents("ses_a", 2, "one", { at: DAY }))
      await add(logs, "ses_a", spent, DAY + 10)
      await add(logs, "ses_a", [summary(7)], 2 * DAY)
      const fork = (await logs.read("ses_a")).map((event): DurableEvent => {
        if (event.type !== "session.created") return { ...event, sessionId: "ses_b" }
        const parent = { sessionId: "ses_a", seq: 7, kind: "fork" } as const
        return { ...event, sessionId: "ses_b", at: 3 * DAY, parent }
      })
      await keep(logs, fork)
      expect(await catalogue.list({ limit: 1 })).toMatchObject([{ sessionId: "ses_b", updatedAt: 3 * DAY, turns: 2 }])
      const report = await catalogue.usage({})
      const usage = (input: number) => ({ input, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 })
      expect(report.total).toEqual({
        steps: 2,
        usage: { ...usage(37), output: 3 },
        microUsd: 5,
        modelMs: 30,
        // Half of two, the lower.
        firstTokenMs: 2,
        // Two tokens in 8 and 6 milliseconds after the first ones.
        tokensPerSecond: 2_000 / 14,
        misses: [{ cause: "tools", steps: 1, tokens: 4_000 }],
      })
      expect(report.sessions.map((row) => [row.sessionId, row.steps])).toEqual([["ses_a", 2]])
      expect(report.days.map((row) => [row.day, row.usage.input])).toEqual([
        ["1970-01-03", 7],
        ["1970-01-02", 30],
      ])
      expect(report.models.map((row) => [row.model, row.usage.input])).toEqual([
        ["test/small", 7],
        ["test/two", 30],
      ])
      expect(report.turns).toEqual([])
      const { turns } = await catalogue.usage({ sessionId: "ses_a", sinceMs: DAY })
      expect(turns.map((row) => [row.turnId, row.preview, row.steps])).toEqual([["trn_2", "two", 2]])
      expect((await catalogue.usage({ sinceMs: 2 * DAY })).total.usage.input).toBe(7)
    })

    test("a list can be of a topic, mostly or besides", async () => {
      const { logs, catalogue } = make()
      await keep(logs, sessionEvents("ses_a", 2, "one", { at: DAY }))
      const topics: Topics = { primary: "bugfix", secondary: ["data"], keywords: ["parser"] }
      await add(logs, "ses_a", [{ type: "session.changed", topics }], DAY)
      const found = async (topic: "bugfix" | "data" | "security") => (await catalogue.list({ topic })).length
      expect([await found("bugfix"), await found("data"), await found("security")]).toEqual([1, 1, 0])
      expect((await catalogue.list({}))[0]?.topics).toMatchObject({ primary: "bugfix", keywords: ["parser"] })
    })

    test("a typical turn is the median of those in which a model was asked, and each model has its own", async () => {
      const { logs, catalogue } = make()
      expect(await catalogue.typical()).toEqual({ turns: 0, models: [] })
      const steps = (id: `trn_${string}`, model: string, ...inputs: number[]) => [
        ...[turn(id, "go"), started(model)],
        ...inputs.map((input) => ({ ...ended(input, 5, 100), turnId: id })),
      ]
      await keep(logs, sessionEvents("ses_a", 2, "one", { at: DAY }))
      await add(logs, "ses_a", steps("trn_2", "test/one", 10, 20), DAY)
      await add(logs, "ses_a", steps("trn_3", "test/one", 100), DAY)
      await add(logs, "ses_a", steps("trn_4", "test/two", 1_000), DAY)
      await add(logs, "ses_a", [turn("trn_5", "nothing came")], DAY)
      const zero = { cacheRead: 0, cacheWrite: 0, reasoning: 0 }
      expect(await catalogue.typical()).toEqual({
        turns: 3,
        usage: { input: 100, output: 1, ...zero },
        models: [
          { model: "test/one", turns: 2, turnMs: 10, firstTokenMs: 100 },
          { model: "test/two", turns: 1, turnMs: 10, firstTokenMs: 100 },
        ],
      })
    })
  })
}

const DAY = 24 * 3600 * 1000

function text(words: string) {
  return { type: "text", text: words } as const
}

function turn(turnId: `trn_${string}`, words: string, source: "user" | "parent" = "user"): DurableDraft {
  return { type: "turn.started", turnId, inputId: "inp_9", source, input: [text(words)] }
}

function answer(words: string): DurableDraft {
  const place = { turnId: "trn_1", step: 1, itemId: "itm_1", index: 0 } as const
  return { type: "item.completed", ...place, kind: "agent_message", text: words, status: "complete" }
}

function started(model: string): DurableDraft {
  return { type: "step.started", turnId: "trn_2", step: 1, attempt: 1, model, tokens: 1 }
}

function ended(input: number, microUsd: number | undefined, firstTokenMs: number): DurableDraft {
  const usage = { input, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 }
  const end = { outcome: "completed", stop: "end", durationMs: 10 } as const
  return { type: "step.ended", turnId: "trn_2", step: 1, ...end, usage, microUsd, firstTokenMs }
}

function missed(end: DurableDraft): DurableDraft {
  return end.type === "step.ended" ? { ...end, cacheMiss: { cause: "tools", tokens: 4_000 } } : end
}

function summary(input: number): DurableDraft {
  const usage = { input, cacheRead: 0, cacheWrite: 0, output: 1, reasoning: 0 }
  return { type: "usage.recorded", purpose: "summary", model: "test/small", usage, durationMs: 10 }
}

async function keep(logs: LogsPort, events: readonly DurableEvent[]): Promise<void> {
  const log = await logs.create(events[0]?.sessionId ?? "ses_none")
  await log.append(events, { flush: false })
  await log.close()
}

/** Adds these to a log, at this time or as one after the other. */
async function add(logs: LogsPort, sessionId: SessionId, drafts: readonly DurableDraft[], at?: number): Promise<void> {
  const log = await logs.open(sessionId)
  const last = log.events.at(-1)
  const events = drafts.map((draft, index): DurableEvent => {
    const seq = (last?.seq ?? 0) + index + 1
    return { ...draft, v: 1, seq, id: `evt_${seq}`, at: at ?? (last?.at ?? 0) + index + 1, sessionId }
  })
  await log.append(events, { flush: false })
  await log.close()
}
