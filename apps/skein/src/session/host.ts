import { compose, type Host, type HostRequest } from "@skein/host"
import type { Engine } from "@skein/protocol"
import type { Io } from "../io.ts"
import type { VerbCall } from "../verb.ts"
import { hostRequest } from "./request.ts"

/** What a verb about sessions works with. */
export interface Asking {
  readonly call: VerbCall
  readonly engine: Engine
  /** The folder it was called in, or the one of `--cd`. */
  readonly cwd: string
}

/** Runs a verb with a host that is closed whatever becomes of it. */
export async function withHost<T>(
  call: VerbCall,
  use: (at: Asking & { readonly host: Host }) => Promise<T>,
  fallback?: HostRequest["fallback"],
): Promise<T> {
  const request = hostRequest(call.flags, call.io, fallback)
  const host = compose(request)
  try {
    const io = withoutSecrets(call.io, host.redact)
    return await use({ call: { ...call, io }, host, engine: host.engine, cwd: request.cwd })
  } finally {
    await host.close()
  }
}

/** What is told of sessions may be older than what is known to be secret now. */
function withoutSecrets(io: Io, redact: (text: string) => string): Io {
  const { out, text, err } = io
  const own = Object.create(io, {})
  return Object.assign(own, {
    out: (line: string) => out(redact(line)),
    text: (whole: string) => text(redact(whole)),
    err: (line: string) => err(redact(line)),
  })
}
