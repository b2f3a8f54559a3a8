import { connect } from "node:net"
import { SkeinError } from "@skein/protocol"

/** Copies bytes between our own streams and a Unix socket, as they are, until the other end is done. */
export async function relay(path: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const socket = connect({ path, allowHalfOpen: true })
  let isConnected = false
  socket.once("connect", () => {
    isConnected = true
    process.stdin.pipe(socket)
    socket.pipe(process.stdout, { end: false })
  })
  socket.once("error", (error) => {
    const what = isConnected ? `The socket at ${path} failed` : `Cannot connect to the socket at ${path}`
    const cure = isConnected ? "" : " Is the server running? skein app-server --listen unix://"
    reject(new SkeinError("client.gone", `${what}: ${error.message}.${cure}`))
  })
  // All of it is with whoever reads us before we go.
  socket.once("end", () => process.stdout.write("", () => resolve(0)))
  socket.once("close", () => resolve(0))
  // Whoever read us is gone.
  process.stdout.once("error", () => resolve(0))
  try {
    return await promise
  } finally {
    socket.destroy()
    process.stdin.destroy()
  }
}
