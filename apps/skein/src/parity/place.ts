import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ownCommand } from "@skein/host"
import { asObject, type Json } from "@skein/protocol/json"
import { type ScriptedServer, scriptedServer } from "./model.ts"

/** Where probes run: a folder, a home and a model that nobody else has. Nothing of the person's is read. */
export interface Place {
  readonly cwd: string
  /** Runs skein to its end. */
  run(args: readonly string[], input?: string): Promise<Ran>
  /** Starts skein and talks with it line by line. */
  talk(args: readonly string[]): Talk
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** JSON, a line a message, both ways. */
export interface Talk {
  say(message: Json): void
  /** The first message that is meant, of those that nobody waited for. Rejects when the program ends, or is silent for long. */
  until(isMeant: (message: Json) => boolean): Promise<Json>
  /** All that came so far. */
  readonly heard: readonly Json[]
  /** Closes its input and waits for its end. */
  end(): Promise<number>
}

/** Far above what any answer takes: it ends what hangs. */
const SILENCE_MS = 30_000

export async function inPlace<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-parity-")))
  const model = scriptedServer()
  const cwd = join(folder, "work")
  for (const name of ["work/.git", "home", "tmp"]) mkdirSync(join(folder, name), { recursive: true })
  try {
    return await work(placeIn(folder, cwd, model))
  } finally {
    model.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function placeIn(folder: string, cwd: string, model: ScriptedServer): Place {
  // By variables: each door has its own flags, and some have none for this.
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    CODEX_HOME: join(folder, "home", ".codex"),
    SKEIN_HOME: join(folder, "skein"),
    OPENAI_API_KEY: "sk-parity",
    SKEIN_MODEL: "openai/scripted",
    SKEIN_PROVIDERS__OPENAI__BASE_URL: model.url,
  }
  const [program = "", ...first] = ownCommand()
  return {
    cwd,
    async run(args, input) {
      const child = Bun.spawn([program, ...first, ...args], {
        ...{ cwd, env, stdout: "pipe", stderr: "pipe" },
        stdin: input === undefined ? "ignore" : Buffer.from(input),
        timeout: SILENCE_MS,
      })
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
      return { code: await child.exited, out, err }
    },
    talk: (args) => talkWith(Bun.spawn([program, ...first, ...args], { cwd, env, ...PIPES })),
  }
}

const PIPES = { stdin: "pipe", stdout: "pipe", stderr: "ignore" } as const

interface Waiting {
  readonly isMeant: (message: Json) => boolean
  resolve(message: Json): void
  reject(error: Error): void
}

function talkWith(child: Bun.Subprocess<"pipe", "pipe", "ignore">): Talk {
  const heard: Json[] = []
  const taken = new Set<Json>()
  const waiting = new Set<Waiting>()
  const take = (message: Json) => {
    heard.push(message)
    const [one] = [...waiting].filter(({ isMeant }) => isMeant(message))
    if (one === undefined) return
    taken.add(message)
    waiting.delete(one)
    one.resolve(message)
  }
  const reading = (async () => {
    let rest = ""
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) take(asObject(JSON.parse(line)) ?? {})
    }
  })()
  const over = reading.finally(() => {
    for (const one of waiting) one.reject(new Error("It ended before it answered."))
    waiting.clear()
  })
  over.catch(() => child.kill())
  return {
    heard,
    say(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`)
      void child.stdin.flush()
    },
    until(isMeant) {
      const there = heard.find((message) => !taken.has(message) && isMeant(message))
      if (there !== undefined) {
        taken.add(there)
        return Promise.resolve(there)
      }
      const { promise, resolve, reject } = Promise.withResolvers<Json>()
      const one: Waiting = { isMeant, resolve, reject }
      waiting.add(one)
      const timer = setTimeout(() => {
        waiting.delete(one)
        reject(new Error(`It said nothing of what was waited for within ${SILENCE_MS / 1_000} s.`))
      }, SILENCE_MS)
      return promise.finally(() => clearTimeout(timer))
    },
    async end() {
      void child.stdin.end()
      const timer = setTimeout(() => child.kill("SIGKILL"), SILENCE_MS)
      // A line that was no JSON was told to whoever waited for one.
      await over.catch(() => undefined)
      return child.exited.finally(() => clearTimeout(timer))
    },
  }
}
