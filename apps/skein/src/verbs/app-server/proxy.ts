import { homedir } from "node:os"
import { directories } from "@skein/config"
import { socketPath } from "../../app-server/address.ts"
import { relay } from "../../app-server/relay.ts"
import type { Run } from "../../verb.ts"

/** `skein app-server proxy`: bytes as they are, for a client that has only pipes. */
export const run: Run = async ({ flags, io }) => {
  const { data } = directories(io.env, io.env.HOME ?? homedir())
  return relay(socketPath(flags.text("sock") ?? "", { cwd: io.cwd, data }))
}
