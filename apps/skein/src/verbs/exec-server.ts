import { homedir, tmpdir } from "node:os"
import { type ExecConnection, openExecServer } from "@skein/codex"
import { compose, type Host, ownCommand } from "@skein/host"
import { type Address, addressOf, isLoopback } from "../app-server/address.ts"
import { listen } from "../app-server/listen.ts"
import { startProgram } from "../app-server/programs.ts"
import { socketAuth } from "../app-server/socket-auth.ts"
import { confinedFiles } from "../exec-server/confined-files.ts"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { hostRequest } from "../session/request.ts"
import { Blocked, UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"

/**
 * `skein exec-server`: runs programs and serves files for another program, in Codex's exec-server protocol: over our own streams, or a
 * WebSocket that asks for a token. All of it is held by one sandbox.
 */
export const run: Run = async ({ flags, words, io }) => {
  if (words[0] === "forward" || flags.has("remote")) {
    throw new Blocked(
      "skein exec-server registers with no other service: OpenAI's hosted environments have no public contract. Listen here, and forward the port with SSH.",
    )
  }
  if (words.length > 0) throw new UsageError(`There is nothing called ${words[0]} here; --help says what there is.`)
  const request = hostRequest(flags, io)
  const address = wanted(flags, { cwd: request.cwd, data: "" })
  const auth = await socketAuth(flags)
  if (address.kind === "ws" && auth === undefined && !flags.has("no-auth")) {
    throw new UsageError(
      "Whoever reaches this socket runs programs as you: ask for a token with --ws-auth capability-token --ws-token-file FILE, or say --no-auth.",
    )
  }
  if (address.kind === "ws" && auth === undefined && !isLoopback(address.host)) {
    throw new UsageError("--no-auth is for loopback alone: what other machines reach asks for a token with --ws-auth.")
  }
  const host = compose(request)
  try {
    for (const warning of host.warnings) io.err(`warning: ${warning}`)
    const open = openerOf(host, request.cwd, io)
    return address.kind === "ws" ? await overSocket({ address, auth, open, io }) : await overStreams(open, io)
  } finally {
    await host.close()
  }
}

type Open = (write: (message: string) => void) => ExecConnection

function wanted(flags: Flags, place: { readonly cwd: string; readonly data: string }) {
  const said = flags.text("listen") ?? "ws://127.0.0.1:0"
  const address = addressOf(said === "stdio" ? "stdio://" : said, place)
  if (address.kind === "stdio" || address.kind === "ws") return address
  throw new UsageError(`unsupported --listen URL \`${said}\`; expected \`ws://IP:PORT\`, \`stdio\`, \`stdio://\``)
}

function openerOf(host: Host, cwd: string, io: Io): Open {
  const { sandbox, extraRoots } = host.settings
  const roots = [cwd, ...extraRoots]
  const shell = io.env.SHELL ?? "/bin/sh"
  return (write) => {
    const command = [...ownCommand(), "exec-server", "files"]
    const files = confinedFiles({ exec: host.exec, command, sandbox, roots, cwd })
    const connection = openExecServer(
      {
        ...{ sandbox, roots, cwd, version: VERSION, home: io.env.HOME ?? homedir(), temporary: tmpdir() },
        start: (asked) => startProgram(host.exec, asked),
        files,
        shell: { name: shell.split("/").at(-1) ?? shell, path: shell },
        platform: process.platform === "darwin" ? "macos" : process.platform,
        warn: (text) => io.err(`skein: ${text}`),
      },
      write,
    )
    const end = async () => void (await Promise.all([connection.end(), files.close()]))
    return {
      get isInitialized() {
        return connection.isInitialized
      },
      receive: (message) => connection.receive(message),
      end,
    }
  }
}

async function overStreams(open: Open, io: Io): Promise<number> {
  const connection = open((message) => io.out(message))
  const stop = io.onSignal((signal) => {
    void connection.end().then(() => process.exit(signal === "SIGTERM" ? 143 : 130))
  })
  try {
    for await (const line of io.inputLines()) if (line.trim() !== "") connection.receive(line)
    return 0
  } finally {
    stop()
    await connection.end()
  }
}

interface OverSocket {
  readonly address: Extract<Address, { readonly kind: "ws" }>
  readonly auth: Awaited<ReturnType<typeof socketAuth>>
  readonly open: Open
  readonly io: Io
}

/** Where it listens is the one line on stdout, as callers read it. */
async function overSocket({ address, auth, open, io }: OverSocket): Promise<number> {
  const interrupted = Promise.withResolvers<number>()
  const stop = io.onSignal((signal) => interrupted.resolve(signal === "SIGTERM" ? 143 : 130))
  const listener = await listen({ address, auth, open, now: io.now, warn: (text) => io.err(`skein: ${text}`) })
  try {
    io.out(listener.url)
    return await interrupted.promise
  } finally {
    stop()
    await listener.close()
  }
}
