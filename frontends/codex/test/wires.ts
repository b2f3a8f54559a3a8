import { client } from "./talk.ts"

export type Talk = ReturnType<typeof client>

export interface Wired extends Talk {
  /** Closes the client's end, and waits for the other. */
  end(): Promise<void>
}

type Env = Readonly<Record<string, string | undefined>>

/** A client over the pipes of a program it starts. */
export function overStdio(
  argv: readonly string[],
  { env, cwd }: { readonly env: Env; readonly cwd: string },
): Wired & { readonly exited: Promise<number> } {
  const child = Bun.spawn([...argv], { cwd, env, stdin: "pipe", stdout: "pipe", stderr: "ignore" })
  const talk = client((line) => {
    child.stdin.write(`${line}\n`)
    void child.stdin.flush()
  })
  const reading = (async () => {
    for await (const line of linesOf(child.stdout)) talk.take(line)
  })()
  return Object.assign(talk, {
    exited: child.exited,
    async end() {
      await child.stdin.end()
      await reading
      await child.exited
    },
  })
}

/** A client in a WebSocket, over TCP or, as `ws+unix:///path`, over a Unix socket. Rejects when it is not let in. */
export async function overSocket(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Wired> {
  const socket = new WebSocket(url, { headers })
  const talk = client((line) => socket.send(line))
  socket.onmessage = ({ data }) => talk.take(String(data))
  const closed = new Promise<void>((resolve) => {
    socket.onclose = () => resolve()
  })
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error(`Not let in at ${url}`))
  })
  return Object.assign(talk, {
    async end() {
      socket.close()
      await closed
    },
  })
}

/** A server that listens; `url` is where it says it does. */
export async function listening(argv: readonly string[], { env, cwd }: { readonly env: Env; readonly cwd: string }) {
  const child = Bun.spawn([...argv], { cwd, env, stdin: "ignore", stdout: "ignore", stderr: "pipe" })
  const said: string[] = []
  const waiting = new Set<(line: string) => void>()
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const reading = (async () => {
    for await (const line of linesOf(child.stderr)) {
      said.push(line)
      for (const look of waiting) look(line)
      const url = /listening on: (\S+)/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    }
    reject(new Error(said.join("\n")))
  })()
  return {
    url: await promise,
    /** Lines of stderr. */
    said,
    /** Resolves when stderr has said this. */
    until(text: string): Promise<void> {
      if (said.some((line) => line.includes(text))) return Promise.resolve()
      return new Promise((resolve) => {
        waiting.add((line) => {
          if (line.includes(text)) resolve()
        })
      })
    },
    async stop() {
      child.kill("SIGTERM")
      await reading
      return child.exited
    },
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
}
