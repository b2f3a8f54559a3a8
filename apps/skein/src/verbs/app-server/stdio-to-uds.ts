import { resolve } from "node:path"
import { relay } from "../../app-server/relay.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein stdio-to-uds`: what proxy does, for any socket. */
export const run: Run = async ({ words, io }) => {
  const [socket, ...more] = words
  if (socket === undefined || more.length > 0) {
    throw new UsageError("skein stdio-to-uds needs one socket: skein stdio-to-uds /run/user/1000/some.sock")
  }
  return relay(resolve(io.cwd, socket))
}
