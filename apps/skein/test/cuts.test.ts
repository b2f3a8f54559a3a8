import { expect, test } from "bun:test"
import { describeBinary, IS_SOAK } from "./ground/binary.ts"
import { type Asked, append, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { bytesOf, contentTypeOf, type Reply, type Wire } from "./ground/wire.ts"
import { ALL_WIRES } from "./ground/wires.ts"

const HANG_MS = IS_SOAK ? 600_000 : 60_000
/** Fewer than the attempts of a step, so that each step comes through at last. */
const CUTS_PER_STEP = 5

/** How a connection ends in the middle: closed, reset, or as if the body were whole. */
const ENDS = ["close", "reset", "eof"] as const

describeBinary("a stream cut at any byte", () => {
  for (const [nth, wire] of ALL_WIRES.entries()) {
    const stride = IS_SOAK || nth === 0 ? 1 : 13
    const which = stride === 1 ? "every byte" : "a sample of its bytes"
    test(
      `${wire.name}: cut at ${which}, the answer comes, and no call runs twice`,
      async () => {
        const length = streamLength(wire)
        const cuts = Array.from({ length: Math.ceil(length / stride) }, (_, at) => at * stride)
        const pending = [...cuts]
        const attempts = new Map<number, number>()
        const server = modelServer(wire, async (asked) => {
          const step = asked.conversation.results.length
          if (pending.length === 0 && !attempts.has(step)) return asked.say({ text: "All done." })
          const attempt = attempts.get(step) ?? 0
          attempts.set(step, attempt + 1)
          const at = attempt < CUTS_PER_STEP ? pending.shift() : undefined
          if (at === undefined) return asked.say(replyOf(step))
          return cut(asked, replyOf(step), at, ENDS[at % ENDS.length] ?? "close")
        })
        const scene = new Scene(wire.env(server.url))
        try {
          const ran = await scene.run(["-p", "count", "-m", wire.model, "-c", "network.retry_base_ms=1"])
          const last = server.conversations.at(-1)
          const expected = Array.from({ length: last?.results.length ?? 0 }, (_, step) => `step-${step}`)

          expect(server.complaints).toEqual([])
          expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "All done.\n" })
          expect(expected.length).toBeGreaterThanOrEqual(cuts.length / CUTS_PER_STEP)
          expect(scene.read("ran.txt").trim().split("\n")).toEqual(expected)
          expect(last?.answered).toEqual(expected.map((name) => `Running ${name}. `))
          expect(last?.said.at(-1)).toBe("count")
        } finally {
          server.stop()
          scene.remove()
        }
      },
      HANG_MS,
    )
  }
})

function replyOf(step: number): Reply {
  return { text: `Running step-${step}. `, calls: [append(`step-${step}`)] }
}

function streamLength(wire: Wire): number {
  return bytesOf(wire, wire.frames(replyOf(0), "0")).length
}

async function cut(
  { answer, bytes, wire }: Asked,
  reply: Reply,
  at: number,
  end: (typeof ENDS)[number],
): Promise<void> {
  const part = bytes(reply).subarray(0, at)
  if (end === "eof") {
    await answer.raw(`HTTP/1.1 200 OK\r\ncontent-type: ${contentTypeOf(wire)}\r\nconnection: close\r\n\r\n`)
    await answer.raw(part)
    answer.close()
    return
  }
  await answer.head(200)
  await answer.piece(part)
  if (end === "reset") answer.reset()
  else answer.close()
}
