import type { EnginePorts } from "../session/ports.ts"
import type { RunningChild } from "./running-child.ts"

/** Each that runs is heard of, so that nobody takes one that works long for one that hangs. Ends with the last of them. */
export async function beat(
  running: () => readonly RunningChild[],
  { clock, agents }: Pick<EnginePorts, "clock" | "agents">,
): Promise<void> {
  while (running().length > 0) {
    const over = new AbortController()
    const anyEnd = Promise.race(running().map(({ done }) => done))
    // A sleep that is not needed any more ends in its reason.
    const slept = clock.sleep(agents.beatMs, over.signal).catch((reason: unknown) => reason)
    await Promise.race([slept, anyEnd])
    over.abort("over")
    for (const child of running()) child.update()
  }
}
