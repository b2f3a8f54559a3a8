import { join } from "node:path"
import { compose, type Host, loadFlock } from "@skein/host"
import { type EngineServer, type Listener, lineTransport, listenHttp, listenUnix, serveEngine } from "@skein/rpc"
import type { Flags } from "../flags.ts"
import type { Io } from "../io.ts"
import { isLoopback, type Listen, listens } from "../serve/addresses.ts"
import { withStartModel } from "../serve/start-model.ts"
import { keptToken, tokenOf } from "../serve/token.ts"
import { startModel } from "../session/open.ts"
import { hostRequest, path } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"

/** `skein serve`: the engine, for clients at the far end of a wire, until it is ended or its one client has gone. */
export const run: Run = async ({ flags, words, io }) => {
  if (words.length > 0) throw new UsageError(`skein serve takes no words, only flags: ${JSON.stringify(words[0])}.`)
  const host = compose(hostRequest(flags, io))
  const ended = Promise.withResolvers<number>()
  const stop = io.onSignal((signal) => ended.resolve(signal === "SIGTERM" ? 143 : 130))
  const onDefect = (error: unknown) => io.err(`skein: ${error instanceof Error ? error.message : String(error)}`)
  const server = serveEngine(
    withStartModel(host.engine, (cwd) => startModel(host, cwd)),
    {
      ...{ server: { name: "skein", version: VERSION }, onDefect },
    },
  )
  const open: Listener[] = []
  try {
    const where = listens(flags.list("listen"), flags.text("port"), { env: io.env, data: host.directories.data })
    for (const one of where) refuseRemote(one, flags)
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    if (where[0]?.kind === "stdio") return await Promise.race([overStdio(server), ended.promise])
    for (const one of where) {
      const listener = await listening(server, one, { host, flags, io, onDefect })
      open.push(listener)
      io.err(`listening on ${listener.address}`)
    }
    return await ended.promise
  } finally {
    stop()
    // Clients first: what ends now is this server, and not their sessions.
    await server.close()
    await Promise.all(open.map((listener) => listener.close()))
    await host.close()
  }
}

/** Until the client closes its end. */
async function overStdio(server: EngineServer): Promise<number> {
  await server.accept(lineTransport(process.stdin, process.stdout, { messageBytesMax: MESSAGE_BYTES_MAX }))
  return 0
}

const MESSAGE_BYTES_MAX = 32 * 1024 * 1024

interface Serving {
  readonly host: Host
  readonly flags: Flags
  readonly io: Io
  readonly onDefect: (error: unknown) => void
}

async function listening(server: EngineServer, where: Listen, serving: Serving): Promise<Listener> {
  const { host, flags, io, onDefect } = serving
  if (where.kind === "unix") return listenUnix(server, { path: where.path, lock: await loadFlock(), onDefect })
  if (where.kind === "stdio") throw new Error("Stdin and stdout are not listened on")
  const { hostname, port } = where
  const file = flags.text("token-file")
  const kept = join(host.directories.data, "serve", "token")
  const token = file === undefined ? await keptToken(kept) : await tokenOf(path(file, io.cwd), `--token-file ${file}`)
  if (!isLoopback(hostname)) {
    io.err(
      `warning ${hostname} is reached by other machines, and nothing is encrypted: whoever listens in has the token.`,
    )
  }
  const listener = await listenHttp(server, {
    hostname,
    port,
    token,
    names: flags.list("server-name"),
    documents: {
      "/v1/schema.json": async () => (await import("@skein/protocol/described")).protocolSchema(),
      "/v1/openapi.json": async () => (await import("@skein/protocol/described")).openApi(VERSION),
    },
    onDefect,
  }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`Cannot listen on http://${hostname}:${port}: ${error.message}`)
  })
  // Where it is, never what it is.
  io.err(`token   is in ${file ?? kept}; a client sends it as Authorization: Bearer …`)
  return listener
}

function refuseRemote(where: Listen, flags: Flags): void {
  if (where.kind !== "http" || isLoopback(where.hostname)) return
  if (!flags.has("allow-remote")) {
    throw new UsageError(
      `--listen http://${where.hostname}:${where.port}: other machines reach that address, and nothing here is encrypted. ` +
        "Use ssh -L to reach this machine's own, or say --allow-remote.",
    )
  }
  const isAny = where.hostname === "0.0.0.0" || where.hostname === "::"
  if (isAny && flags.list("server-name").length === 0) {
    throw new UsageError("Listening on every address takes --server-name: what clients call this machine by.")
  }
}
