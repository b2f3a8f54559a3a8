import { expect, test } from "bun:test"
import { witness } from "./witness.ts"

test("of an endless refusal only the beginning is read", async () => {
  let pieces = 0
  const more = new TextEncoder().encode("x".repeat(10_000))
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pieces++
      if (pieces > 1_000) controller.close()
      else controller.enqueue(more)
    },
  })
  const seen = witness(async () => new Response(body, { status: 400 }), [])
  await seen.fetch("http://127.0.0.1:1/", { body: "{}" })

  expect(seen.refused()?.said.length).toBe(65_536)
  expect(pieces).toBeLessThan(20)
})
