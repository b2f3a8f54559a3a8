import { glance } from "@skein/host/glance"
import type { Glance } from "@skein/tui"
import type { VerbCall } from "../verb.ts"
import { hostRequest } from "./request.ts"
import { screenSettings } from "./screen-settings.ts"

/** What the screen shows of a folder until something is asked for. Throws UsageError. */
export async function glanced({ flags, io }: VerbCall): Promise<Glance | undefined> {
  // Read when the session is opened, which is then not put off.
  if (flags.has("output-schema")) return undefined
  const seen = await glance(hostRequest(flags, io))
  if (seen === undefined) return undefined
  const { config, settings, recent } = seen
  return { settings: screenSettings(config), session: settings, recent }
}
