import { Blocked } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein app-server daemon`: says what does the same here. */
export const run: Run = async () => {
  throw new Blocked(
    "A server that skein keeps running by itself is not available in this version. Let the system keep it: " +
      "systemd-run --user skein app-server --listen unix://, or a unit of your own with that line. It is asked with " +
      "skein app-server proxy, and ended with its unit.",
  )
}
