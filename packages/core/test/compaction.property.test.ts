import { expect, test } from "bun:test"
import type { DurableEvent } from "@skein/protocol"
import { assertAcceptable, say, scriptedModel } from "@skein/testkit"
import { hasWork } from "../src/context/relief.ts"
import { buildRequest } from "../src/context/request.ts"
import { fold } from "../src/index.ts"
import { closing } from "../src/session/resume.ts"
import { foldOnto, goesBehind } from "../src/transcript/fold.ts"
import { freeze, thaw } from "../src/transcript/point.ts"
import { compact, compactNow } from "../src/turn/compact.ts"
import { desk, then } from "./desk.ts"
import { generated, type Played } from "./generated.ts"
import { frozen } from "./invariants.ts"

const SEEDS = Array.from({ length: process.env.SKEIN_SOAK === "1" ? 300 : 30 }, (_, seed) => seed + 5_000)
/** Ten times what many seeds take. */
const HANG_MS = 120_000
const played: (Played & { readonly seed: number })[] = []
for (const seed of SEEDS) played.push({ seed, ...(await generated(seed)) })

const prompted = (log: readonly DurableEvent[]) => {
  const input = [{ type: "text", text: "and now?" }] as const
  return then(log, { type: "turn.started", turnId: "trn_next", inputId: "inp_next", source: "user", input })
}

test("any transcript, cut anywhere and summed up, makes a request that every provider accepts, with every word of the person", async () => {
  let summed = 0
  for (const { seed, log } of played) {
    for (let cut = 2; cut <= log.length; cut += 9) {
      const at = desk(log.slice(0, cut), scriptedModel(say("the sum")), {})
      await at.ports.emit(closing(at.state, { kind: "interrupted" }))
      if (!hasWork(at.state)) continue
      await compactNow(at.state, {}, at.ports)
      summed += 1
      const after = fold(prompted(at.log))
      const { messages } = buildRequest(after, at.ports.tools)
      assertAcceptable(messages)
      const sent = messages
        .flatMap(({ content }) => content.map((block) => ("text" in block ? block.text : "")))
        .join("\n")
      for (const { input } of at.state.said) {
        for (const part of input)
          if (part.type === "text")
            expect({ seed, cut, has: sent.includes(part.text) }).toEqual({ seed, cut, has: true })
      }
    }
  }
  expect(summed).toBeGreaterThan(50)
})

test("the same, refused for its length again and again within a turn", async () => {
  for (const { log } of played.slice(0, 15)) {
    for (let cut = 2; cut <= log.length; cut += 23) {
      const at = desk(log.slice(0, cut), scriptedModel(say("the sum")), {})
      await at.ports.emit(closing(at.state, { kind: "interrupted" }))
      const open = desk(prompted(at.log), scriptedModel(say("the sum")), {})
      for (let count = 0; count < 3; count++) {
        try {
          await compact(open.state, "reactive", open.ports)
        } catch (error) {
          // Nothing is left to let go.
          expect(String(error)).toContain("decided only where there is one")
          break
        }
        assertAcceptable(buildRequest(open.state, open.ports.tools).messages)
      }
      expect(frozen(fold(open.log))).toBe(frozen(open.state))
    }
  }
})

test(
  "a fold from any replay point is the fold from the start, with compactions in between",
  () => {
    let between = 0
    for (const { seed, log } of played) {
      const whole = frozen(fold(log))
      for (let cut = 1; cut < log.length; cut += 3) {
        const tail = log.slice(cut)
        if (goesBehind(log[cut - 1]?.seq ?? 0, tail)) continue
        between += tail.filter((event) => event.type === "context.compacted").length
        const point = structuredClone(freeze(fold(log.slice(0, cut)), "1.0.0"))
        const state = thaw(point, "1.0.0")
        if (state === undefined) throw new Error("A point of this version thaws")
        expect({ seed, cut, same: frozen(foldOnto(state, tail)) === whole }).toEqual({ seed, cut, same: true })
      }
    }
    expect(between).toBeGreaterThan(50)
  },
  HANG_MS,
)
