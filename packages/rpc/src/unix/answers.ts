import { connect } from "node:net"

/** Whether somebody takes connections at a socket. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const done = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once("connect", () => done(true))
    // One that is there and full answers too, a little later: only a refusal says that nobody does.
    socket.once("error", (error: NodeJS.ErrnoException) =>
      done(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    )
  })
}
