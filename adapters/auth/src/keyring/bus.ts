import { SkeinError } from "@skein/protocol"
import { errorReply, hello, methodCall, type Reply, readMessage } from "./message.ts"

/** A connection to the session's D-Bus, as much of it as asking a few questions takes. */
export interface Bus {
  /** Throws BusError with the name of the refusal: `org.freedesktop.DBus.Error.ServiceUnknown`. */
  call(call: {
    destination: string
    path: string
    interface: string
    member: string
    texts: readonly string[]
  }): Promise<Reply>
  close(): void
}

export class BusError extends Error {
  override readonly name = "BusError"
}

/**
 * Connects and says who we are; D-Bus Specification 0.43, "Authentication Protocol", EXTERNAL. Throws BusError, also when
 * no answer came by `deadline`, which holds for every call too.
 */
export async function connectBus(path: string, uid: number, deadline: AbortSignal): Promise<Bus> {
  let received: Buffer = Buffer.alloc(0)
  let wake = Promise.withResolvers<void>()
  let failure: BusError | undefined
  const end = (why: string) => {
    failure ??= new BusError(why)
    wake.resolve()
  }
  const onDeadline = () => end("it did not answer in time")
  deadline.addEventListener("abort", onDeadline, { once: true })
  const socket = await Bun.connect({
    unix: path,
    socket: {
      data(_, bytes) {
        received = Buffer.concat([received, bytes])
        wake.resolve()
      },
      close: () => end("it closed the connection"),
      error: (_, error) => end(error.message),
    },
  }).catch((cause: unknown) => {
    throw new BusError(cause instanceof Error ? cause.message : String(cause))
  })
  const close = () => {
    deadline.removeEventListener("abort", onDeadline)
    socket.terminate()
  }
  /** Until `take` makes something of what was received. */
  const until = async <T>(take: () => T | undefined): Promise<T> => {
    for (;;) {
      const taken = take()
      if (taken !== undefined) return taken
      if (deadline.aborted) onDeadline()
      if (failure !== undefined || received.length > BYTES_MAX) throw failure ?? new BusError("it sent too much")
      await wake.promise
      wake = Promise.withResolvers()
    }
  }
  const line = () => {
    const at = received.indexOf("\r\n")
    if (at < 0) return undefined
    const text = received.toString("latin1", 0, at)
    received = received.subarray(at + 2)
    return text
  }
  let serial = 0
  const asked = async (bytes: Buffer): Promise<Reply> => {
    socket.write(bytes)
    for (;;) {
      const message = await until(() => {
        const read = readMessage(received)
        if (read !== undefined) received = received.subarray(read.size)
        return read
      })
      if (message.replyTo !== serial) continue
      const refusal = errorReply(message)
      if (refusal !== undefined) throw new BusError(refusal)
      return message
    }
  }
  try {
    socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(uid)).toString("hex")}\r\n`)
    const answer = await until(line)
    if (!answer.startsWith("OK ")) throw new BusError(`it refused to let us in: ${answer.slice(0, 80)}`)
    socket.write("BEGIN\r\n")
    await asked(hello(++serial))
  } catch (error) {
    close()
    throw error
  }
  return { call: (call) => asked(methodCall({ ...call, serial: ++serial })), close }
}

/** More than any answer to what is asked here. */
const BYTES_MAX = 1_000_000

/**
 * Where the session's bus listens: DBUS_SESSION_BUS_ADDRESS, else `bus` in XDG_RUNTIME_DIR, as libsecret looks for it.
 * Undefined when there is none. Throws SkeinError `secret.unavailable` for an address of another kind than a socket's.
 */
export function busPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const address = env.DBUS_SESSION_BUS_ADDRESS
  if (address === undefined || address === "") {
    const folder = env.XDG_RUNTIME_DIR
    return folder === undefined || folder === "" ? undefined : `${folder}/bus`
  }
  for (const one of address.split(";")) {
    const [, kind = "", value = ""] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(one) ?? []
    if (kind !== "") return (kind === "abstract" ? "\0" : "") + decodeURIComponent(value)
  }
  throw new SkeinError(
    "secret.unavailable",
    "The keyring cannot be asked: DBUS_SESSION_BUS_ADDRESS is of a kind that skein does not speak; unix:path=… is one that it does.",
  )
}
