import { describe, expect, test } from "bun:test"
import { createServer } from "node:net"
import { describeBinary } from "./ground/binary.ts"
import { type Asked, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { bytesOf, type Wire } from "./ground/wire.ts"
import { ALL_WIRES } from "./ground/wires.ts"

const HANG_MS = 60_000
const TOO_LONG = "prompt is too long: 250000 tokens > 200000 maximum context length"

/** The three ways a provider says that a conversation is too long. */
const WAYS: Readonly<Record<string, (asked: Asked, wire: Wire) => Promise<void>>> = {
  "as 400": (asked, wire) => asked.refuse(400, wire.error("invalid_request_error", TOO_LONG)),
  "as 413": (asked, wire) => asked.refuse(413, wire.error("request_too_large", "Request too large")),
  "inside a stream": async ({ answer }, wire) => {
    const { event = "error", data } = wire.errorFrame("context_length_exceeded", TOO_LONG)
    await answer.head(200)
    await answer.piece(bytesOf(wire, [{ event, data }]))
    await answer.end()
  },
}

/** Calls whose results fill the conversation. */
const STEPS = 8
const big = (step: number) => ({ name: "bash", args: { command: `seq ${step * 10_000} ${step * 10_000 + 3_000}` } })

describeBinary("a conversation that has become too long", () => {
  for (const wire of ALL_WIRES) {
    describe(wire.name, () => {
      for (const [way, refuse] of Object.entries(WAYS)) {
        test.concurrent(
          `${way}: older results are let go of, the turn goes on, and a line says so`,
          async () => {
            let refusedBytes = 0
            const { ran, sizes } = await work(wire, async (asked) => {
              if (refusedBytes > 0) return false
              refusedBytes = asked.request.text.length
              await refuse(asked, wire)
              return true
            })
            expect({ code: ran.code, out: ran.out }).toEqual({ code: 0, out: "Done.\n" })
            expect(ran.err).toMatch(/^note .*/m)
            expect(sizes.at(-1)).toBeLessThan(refusedBytes / 2)
          },
          HANG_MS,
        )
      }

      test.concurrent(
        "when it never fits, the turn ends with one clear error",
        async () => {
          const { ran } = await work(wire, async (asked) => {
            await WAYS["as 400"]?.(asked, wire)
            return true
          })
          expect({ code: ran.code, out: ran.out }).toEqual({ code: 1, out: "" })
          expect(ran.err.match(/^skein: .*/gm)).toEqual([
            expect.stringMatching(/conversation is too long for .* Compact it, or/),
          ])
        },
        HANG_MS,
      )
    })
  }
})

async function work(wire: Wire, refused: (asked: Asked) => Promise<boolean>) {
  const sizes: number[] = []
  // What was let go of may be gone from later requests, so the count is no measure any more.
  let isFull = false
  const server = modelServer(wire, async (asked) => {
    const step = asked.conversation.results.length
    sizes.push(asked.request.text.length)
    isFull ||= step >= STEPS
    if (!isFull) return asked.say({ calls: [big(step)] })
    if (!(await refused(asked))) await asked.say({ text: "Done." })
  })
  const scene = new Scene(wire.env(server.url))
  try {
    const ran = await scene.run(["-p", "fill it", "-m", wire.model, "-c", "network.retry_base_ms=1"])
    expect(server.complaints).toEqual([])
    return { ran, sizes }
  } finally {
    server.stop()
    scene.remove()
  }
}

describeBinary("a provider that cannot be reached", () => {
  const once = ["-c", "network.retries=1", "-c", "network.retry_base_ms=1"]
  const run = async (address: string) => {
    const scene = new Scene({ ANTHROPIC_BASE_URL: address, ANTHROPIC_API_KEY: "k" })
    const ran = await scene.run(["-p", "hello", ...once])
    scene.remove()
    return ran
  }

  test("nobody listens: exit 69, and the address is named", async () => {
    const ran = await run(`http://127.0.0.1:${await closedPort()}`)
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 69, out: "" })
    expect(ran.err).toMatch(/^skein: Could not reach .*127\.0\.0\.1:\d+.* Is the server running\?$/m)
  })

  test("plain text where TLS is expected: exit 69, in words", async () => {
    const garbage = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") },
    })
    const ran = await run(`https://127.0.0.1:${garbage.port}`)
    garbage.stop(true)
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 69, out: "" })
    expect(ran.err).toMatch(/^skein: .*127\.0\.0\.1/m)
  })

  test("an address that is none: exit 78, and the variable is named", async () => {
    const ran = await run("localhost:8080")
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 78, out: "" })
    expect(ran.err).toContain("ANTHROPIC_BASE_URL")
  })
})

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}
