import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { BINARY, describeBinary } from "./ground/binary.ts"
import { type Asked, type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { KEY, type Wire } from "./ground/wire.ts"
import { anthropic } from "./ground/wire-anthropic.ts"
import { chat } from "./ground/wire-chat.ts"
import { gemini } from "./ground/wire-gemini.ts"
import { responses } from "./ground/wire-responses.ts"

const HANG_MS = 60_000

interface Seat {
  readonly wire: Wire
  readonly model: string
  readonly env: (url: string) => Record<string, string>
}

/** One model of each wire; Chat by a provider of its own, as OpenAI's address is the Responses server's here. */
const SEATS: Readonly<Record<string, Seat>> = {
  anthropic: { wire: anthropic, model: anthropic.model, env: anthropic.env },
  responses: { wire: responses, model: responses.model, env: responses.env },
  gemini: { wire: gemini, model: gemini.model, env: gemini.env },
  chat: {
    wire: chat,
    model: "xai/grok-4.5",
    env: (url) => ({ XAI_BASE_URL: `${url}/v1`, XAI_API_KEY: KEY }),
  },
}

/** A step as its server saw it. */
interface Step {
  readonly who: string
  readonly text: string
  readonly asked: Asked["conversation"]
}

/**
 * One turn in which each of these is asked once, in order: while it answers, the person changes the model to the next, and
 * every answer but the last asks for a call. Servers refuse what the real ones would.
 */
async function swapped(order: readonly string[]): Promise<{ steps: Step[]; notices: string[]; result: Line }> {
  const steps: Step[] = []
  const servers: ModelServer[] = []
  let swap: (model: string) => Promise<void> = () => Promise.reject(new Error("Nobody is there yet"))
  const env: Record<string, string> = {}
  for (const who of new Set(order)) {
    const seat = seatOf(who)
    const server = modelServer(seat.wire, async (asked) => {
      steps.push({ who, text: asked.request.text, asked: asked.conversation })
      const at = steps.length
      const next = order[at]
      if (next === undefined) return asked.say({ text: "All done." })
      await swap(seatOf(next).model)
      await asked.say({
        thought: { text: `I am ${who}`, signature: `signature-of-${who}` },
        calls: [{ name: "bash", args: { command: `echo step ${at}` } }],
      })
    })
    servers.push(server)
    Object.assign(env, seat.env(server.url))
  }
  const scene = new Scene({ ...env, SKEIN_TASKS__TITLE: "off" })
  const host = hosted(scene, seatOf(order[0] ?? "").model)
  try {
    swap = (model) => host.control({ subtype: "set_model", model })
    const result = await host.ask("count the steps")
    return { steps, notices: noticesIn(scene), result }
  } finally {
    await host.end()
    for (const server of servers) server.stop()
    scene.remove()
  }
}

function seatOf(who: string): Seat {
  const seat = SEATS[who]
  if (seat === undefined) throw new Error(`Nobody is ${who}`)
  return seat
}

type Line = Readonly<Record<string, unknown>>

/** The binary behind its stream-json pipe, as a program drives it. */
function hosted(scene: Scene, model: string) {
  const args = ["-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose", "--model", model]
  const child = Bun.spawn([BINARY, ...args], {
    cwd: scene.cwd,
    env: scene.env,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  })
  const waiting: { readonly isMeant: (line: Line) => boolean; readonly found: (line: Line) => void }[] = []
  const read = (async () => {
    let rest = ""
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n")
      rest = lines.pop() ?? ""
      for (const text of lines) {
        const line: Line = JSON.parse(text)
        for (const one of waiting.filter(({ isMeant }) => isMeant(line))) one.found(line)
      }
    }
  })()
  const until = (isMeant: (line: Line) => boolean) => new Promise<Line>((found) => waiting.push({ isMeant, found }))
  const say = (line: Line) => {
    child.stdin.write(`${JSON.stringify(line)}\n`)
    child.stdin.flush()
  }
  let requests = 0
  return {
    async control(request: Line) {
      const id = `req-${++requests}`
      const answered = until(
        ({ type, response }) => type === "control_response" && JSON.stringify(response).includes(id),
      )
      say({ type: "control_request", request_id: id, request })
      expect(await answered).toMatchObject({ response: { subtype: "success" } })
    },
    async ask(content: string) {
      const result = until(({ type }) => type === "result")
      say({ type: "user", message: { role: "user", content } })
      return await result
    },
    async end() {
      child.stdin.end()
      await child.exited
      await read
    },
  }
}

function noticesIn(scene: Scene): string[] {
  const logs = scene.files(scene.data).filter((path) => path.includes("sessions") && path.endsWith(".jsonl"))
  return logs
    .flatMap((path) => readFileSync(path, "utf8").trim().split("\n"))
    .flatMap((text) => {
      const event: Line = JSON.parse(text)
      return event.type === "notice.posted" ? [String(event.text)] : []
    })
}

const NAMES = Object.keys(SEATS)

describeBinary("the model that is changed while a turn runs", () => {
  test(
    "goes through every wire and back in one turn: each is asked for the next step, and sees every call with its result",
    async () => {
      const order = ["anthropic", "responses", "gemini", "chat", "anthropic"]
      const { steps, result, notices } = await swapped(order)

      expect(result).toMatchObject({ subtype: "success", result: "All done." })
      expect(steps.map(({ who }) => who)).toEqual(order)
      for (const [at, { asked }] of steps.entries()) {
        expect(asked.said).toContain("count the steps")
        expect(asked.calls.map(({ args }) => args)).toEqual(
          Array.from({ length: at }, (_, step) => ({ command: `echo step ${step + 1}` })),
        )
        expect(asked.results.map(({ text }) => text)).toEqual(
          Array.from({ length: at }, (_, step) => `step ${step + 1}\n(exit 0)`),
        )
      }
      // The one that began reads its own thought again at the end, and nobody else's.
      const seen = steps.map(({ text }) => [...text.matchAll(/signature-of-(\w+)/g)].map(([, who]) => who))
      expect(seen).toEqual([[], [], [], [], ["anthropic"]])
      expect(notices[0]).toBe(
        `${responses.model} goes on with the conversation and its results, without the hidden reasoning of ${anthropic.model}, which nobody else can read.`,
      )
    },
    HANG_MS,
  )

  for (const from of NAMES) {
    for (const to of NAMES.filter((name) => name !== from)) {
      test(
        `from ${from} to ${to} and back: the conversation is valid for both, and no signature reaches the other`,
        async () => {
          const { steps, result } = await swapped([from, to, from])

          expect(result).toMatchObject({ subtype: "success" })
          expect(steps.map(({ who }) => who)).toEqual([from, to, from])
          expect(steps[1]?.text).not.toContain(`signature-of-${from}`)
          expect(steps[2]?.text).not.toContain(`signature-of-${to}`)
          expect(steps[2]?.asked.results.map(({ text }) => text)).toEqual(["step 1\n(exit 0)", "step 2\n(exit 0)"])
        },
        HANG_MS,
      )
    }
  }
})
