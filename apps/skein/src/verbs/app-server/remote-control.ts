import { Blocked } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein remote-control`: says why it cannot be, and what reaches a server from elsewhere. */
export const run: Run = async () => {
  throw new Blocked(
    "Remote control is not available: it goes through a relay that OpenAI runs for its own accounts, and nobody else can. " +
      "To drive skein from another machine: ssh host skein app-server proxy, with skein app-server --listen unix:// there.",
  )
}
