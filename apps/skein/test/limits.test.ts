import { expect, test } from "bun:test"
import { describeBinary, IS_SOAK } from "./ground/binary.ts"
import { append, modelServer } from "./ground/model.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import { Terminal } from "./ground/terminal.ts"
import { anthropic } from "./ground/wire-anthropic.ts"
import { WIRES } from "./ground/wires.ts"

const HANG_MS = 60_000
const SOAK_HANG_MS = 300_000
const EACH = WIRES.map((wire) => [wire.name, wire] as const)
const AUTO = ["-c", 'limits.wait="auto"']

const FIRST = anthropic

/** Its limit is over in an hour. */
function limited() {
  return modelServer(FIRST, (asked) =>
    asked.refuse(429, FIRST.error("rate_limit_error", "Slow down"), { "retry-after": "3600" }),
  )
}

describeBinary("a provider's limit", () => {
  test.each(EACH)(
    "%s: one that lasts is not waited for unasked, and the exit code says to try later",
    async (_, wire) => {
      const server = modelServer(wire, (asked) =>
        asked.refuse(429, wire.error("rate_limit_error", "Slow down"), { "retry-after": "7980" }),
      )
      const scene = new Scene(wire.env(server.url))
      try {
        const { code, err, ms } = await scene.run(["-p", "do it", "-m", wire.model, "--yes"])
        expect({ code, requests: server.requests.length }).toEqual({ code: 75, requests: 1 })
        expect(err).toContain('The limit is over in 2 h 13 min. With limits.wait = "auto" it is waited for.')
        expect(ms).toBeLessThan(HANG_MS / 2)
        const never = await scene.run(["-p", "do it", "-m", wire.model, ...AUTO, "-c", "limits.wait_minutes_max=60"])
        expect(never.code).toBe(75)
        expect(never.err).toContain("longer than limits.wait_minutes_max lets skein wait")
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.each(EACH)(
    "%s: overloaded three times, the turn goes on with the model that was named, and no call runs twice",
    async (_, wire) => {
      const other = `${wire.model.slice(0, wire.model.indexOf("/"))}/other-model`
      const isOther = (text: string, path: string) => text.includes("other-model") || path.includes("other-model")
      const server = modelServer(wire, async (asked) => {
        const { request, conversation } = asked
        const hasRun = conversation.results.length > 0
        if (hasRun && !isOther(request.text, request.path))
          return await asked.refuse(529, wire.error("overloaded_error", "Overloaded"))
        await asked.say(hasRun ? { text: "Done." } : { calls: [append("one")] })
      })
      const scene = new Scene(wire.env(server.url))
      try {
        const described = ["-c", `models.${JSON.stringify(other)}.context_tokens=100000`]
        const args = [
          "-m",
          wire.model,
          "--fallback-model",
          other,
          "--yes",
          "-c",
          "network.retry_base_ms=1",
          ...described,
        ]
        const ran = await scene.run(["-p", "do it", "--output-format", "events", ...args])
        expect(ran.code).toBe(0)
        expect(scene.read("ran.txt")).toBe("one\n")
        expect(ran.err).toContain(`${wire.model} is overloaded, 3 times in a row: this turn goes on with ${other}`)
        const models = eventsOf(ran.out).flatMap((event) => (event.type === "step.started" ? [event.model] : []))
        expect(models).toEqual([wire.model, wire.model, wire.model, wire.model, other])
        expect(server.complaints).toEqual([])
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.each([
    ["in lines", ["--screen-reader"], /waits (?:1 h|60 min|59 min), then tries again/, /stopped/],
    ["on the screen", [], /asks again in (?:1 h 00 m|59 m)/, /Stopped/],
  ] as const)(
    "%s, a wait that was decided goes on after a kill, to the same moment, and can be stopped",
    async (_, how, waits, stopped) => {
      if (Bun.which("tmux") === null) throw new Error("This test needs tmux")
      const server = limited()
      const scene = new Scene(FIRST.env(server.url))
      try {
        const killed = scene.start(["-p", "do it", "-m", FIRST.model, ...AUTO])
        await until(killed.stderr, /waits {3}1 h/)
        killed.kill("SIGKILL")
        await killed.exited
        const terminal = new Terminal(scene, ["resume", "--last", ...how])
        try {
          await terminal.until(waits)
          terminal.press("C-c")
          await terminal.until(stopped)
          expect(server.requests).toHaveLength(1)
        } finally {
          terminal.close()
        }
      } finally {
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.each([
    ["y", /waits (?:1 h|60 min), then tries again/],
    ["n", /The limit is over in/],
  ] as const)(
    "somebody who is there is asked whether to wait, and %s is heard",
    async (answer, then) => {
      const server = limited()
      const scene = new Scene(FIRST.env(server.url))
      const terminal = new Terminal(scene, ["--screen-reader", "-m", FIRST.model])
      try {
        await terminal.until(/›$/)
        terminal.type("do it")
        await terminal.until(/wait\b.*1 h, until the limit is over/s)
        await Bun.sleep(1_000)
        terminal.type(answer)
        await terminal.until(then)
        expect(server.requests).toHaveLength(1)
      } finally {
        terminal.close()
        server.stop()
        scene.remove()
      }
    },
    HANG_MS,
  )

  test.skipIf(!IS_SOAK)(
    "one of a minute and more is waited for when that is set, counted down, and asked once",
    async () => {
      const wire = FIRST
      const server = modelServer(wire, async (asked) => {
        if (asked.request.index === 1)
          return await asked.refuse(429, wire.error("rate_limit_error", "Slow"), { "retry-after": "63" })
        await asked.say(asked.request.index === 0 ? { calls: [append("one")] } : { text: "Done." })
      })
      const scene = new Scene(wire.env(server.url))
      try {
        const ran = await scene.run(["-p", "do it", "-m", wire.model, "--yes", ...AUTO])
        expect({ code: ran.code, out: ran.out, requests: server.requests.length }).toEqual({
          ...{ code: 0, out: "Done.\n", requests: 3 },
        })
        expect(scene.read("ran.txt")).toBe("one\n")
        expect(ran.err.match(/^waits .*$/gm)?.map((line) => line.slice(0, 14))).toHaveLength(5)
        expect(ran.ms).toBeGreaterThan(63_000)
      } finally {
        server.stop()
        scene.remove()
      }
    },
    SOAK_HANG_MS,
  )
})

async function until(stream: ReadableStream<Uint8Array>, words: RegExp): Promise<"told"> {
  let text = ""
  for await (const piece of stream) {
    text += new TextDecoder().decode(piece)
    if (words.test(text)) return "told"
  }
  throw new Error(`Never said ${words}:\n${text}`)
}
