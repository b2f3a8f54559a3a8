import { afterEach, describe, expect, test } from "bun:test"
import type { HookOutcome, HookPoint, Hooks, HooksPort } from "@skein/core/ports"

/** What one hook of a contract does, in whatever way the adapter's hooks are written. */
export type HookDeed =
  /** Ends well and says nothing. */
  | "pass"
  /** Says no, with the reason `not now`. */
  | "block"
  /** Adds `more to know` for the model. */
  | "context"
  /** Ends badly, without a word that means anything. */
  | "fail"
  /** Answers with what is no answer. */
  | "garbage"
  /** Never ends by itself, and heeds no polite request to. */
  | "hang"

export interface HooksUnderTest {
  /** With these hooks at `PreToolUse`, in this order, each with a limit of `timeoutMs`; and none anywhere else. */
  portWith(deeds: readonly HookDeed[], timeoutMs: number): Promise<{ readonly port: HooksPort; readonly cwd: string }>
  /** How many hooks still run: processes, requests. */
  running(): Promise<number>
  cleanUp(): Promise<void>
}

/** What every HooksPort promises. A deadline here is a guard against hanging: ten times what is promised. */
export function hooksPortContract(name: string, make: () => HooksUnderTest): void {
  describe(`${name} is a HooksPort`, () => {
    let world: HooksUnderTest | undefined
    afterEach(async () => {
      await world?.cleanUp()
      world = undefined
    })

    async function hooksOf(deeds: readonly HookDeed[], timeoutMs = 20_000): Promise<Hooks> {
      world = make()
      const { port, cwd } = await world.portWith(deeds, timeoutMs)
      return port.at({ cwd })
    }
    const run = async (deeds: readonly HookDeed[], timeoutMs?: number): Promise<HookOutcome> =>
      (await hooksOf(deeds, timeoutMs)).run(POINT, new AbortController().signal)
    const outcomes = ({ ran }: HookOutcome) => ran.map(({ outcome }) => outcome)

    test("it says at which points something is run", async () => {
      const hooks = await hooksOf(["pass"])
      expect([hooks.has("PreToolUse"), hooks.has("Stop")]).toEqual([true, false])
    })

    test("a place without hooks has none, and running them says nothing", async () => {
      const hooks = await hooksOf([])
      expect(hooks.has("PreToolUse")).toBe(false)
      expect(await hooks.run(POINT, new AbortController().signal)).toMatchObject({ messages: [], ran: [] })
    })

    test("a hook that ends well is on record, and changes nothing", async () => {
      const outcome = await run(["pass"])
      expect(outcome).toMatchObject({ messages: [], ran: [{ outcome: "passed" }] })
      expect([outcome.block, outcome.stop, outcome.decision, outcome.input, outcome.output, outcome.context]).toEqual(
        Array(6).fill(undefined),
      )
      expect(outcome.ran[0]?.hook).not.toBe("")
      expect(outcome.ran[0]?.file).not.toBe("")
    })

    test("one no of several holds, with its reason, and what the others add is kept", async () => {
      const outcome = await run(["context", "block", "pass"])
      const reason = outcome.block?.reason ?? outcome.reason
      expect(outcome.block !== undefined || outcome.decision === "deny").toBe(true)
      expect(reason).toContain("not now")
      expect(outcome.context).toContain("more to know")
      expect(outcomes(outcome).toSorted()).toEqual(["blocked", "changed", "passed"])
    })

    test("a hook that fails, or answers with what is no answer, is told and says neither yes nor no", async () => {
      const outcome = await run(["fail", "garbage"])
      expect([outcome.block, outcome.stop, outcome.decision]).toEqual([undefined, undefined, undefined])
      expect(outcomes(outcome)).toContain("failed")
    })

    test("a hook that takes longer than it may is ended, told, and says nothing", async () => {
      const from = performance.now()
      const outcome = await run(["hang", "context"], 300)
      expect(performance.now() - from).toBeLessThan(20_000)
      expect(outcomes(outcome).toSorted()).toEqual(["changed", "timed_out"])
      expect([outcome.block, outcome.decision]).toEqual([undefined, undefined])
      expect(await world?.running()).toBe(0)
    }, 60_000)

    test("the signal ends them all, and nothing of them goes on", async () => {
      const hooks = await hooksOf(["hang", "hang"])
      const stop = new AbortController()
      const running = hooks.run(POINT, stop.signal)
      await Bun.sleep(200)
      const from = performance.now()
      stop.abort(new Error("interrupted"))
      await running
      expect(performance.now() - from).toBeLessThan(20_000)
      expect(await world?.running()).toBe(0)
    }, 60_000)

    test("hooks of one point run beside each other", async () => {
      const from = performance.now()
      await run(["hang", "hang", "hang", "hang"], 1_000)
      // One after the other they would take four seconds.
      expect(performance.now() - from).toBeLessThan(3_500)
    }, 60_000)
  })
}

const POINT: HookPoint = {
  event: "PreToolUse",
  sessionId: "ses_contract",
  cwd: "/",
  mode: "ask",
  model: "test/scripted",
  turnId: "trn_1",
  toolName: "bash",
  callId: "cal_1",
  input: { command: "true" },
}
