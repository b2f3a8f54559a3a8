import { glance } from "@skein/host/glance"
import type { Glance } from "@skein/tui"
import type { VerbCall } from "../verb.ts"
import { hostRequest } from "./request.ts"
import { screenSettings, watchScreenSettings } from "./screen-settings.ts"

/** What the screen shows of a folder until something is asked for, and what stops following the person's settings. Throws UsageError. */
export async function glanced({
  flags,
  io,
}: VerbCall): Promise<(Glance & { readonly unfollow: () => void }) | undefined> {
  // Read when the session is opened, which is then not put off.
  if (flags.has("output-schema")) return undefined
  const request = hostRequest(flags, io)
  const seen = await glance(request)
  if (seen === undefined) return undefined
  const { config, directories, settings, recent } = seen
  let unfollow = () => {}
  return {
    settings: screenSettings(config),
    ...{ session: settings, recent },
    follow(person) {
      unfollow = watchScreenSettings(request, directories, person)
    },
    unfollow: () => unfollow(),
  }
}
