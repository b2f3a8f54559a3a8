import type { TapeRequest } from "./request.ts"
import { systemClock } from "./world.ts"

/** What records and replays a model's network. */
interface Tapes<Fetch, Recording extends Fetch, Tape> {
  recording(through: Fetch, file: string, about: { source: "live" | "scripted"; label: string }): Recording
  replaying(tape: string | Tape, options?: { pace?: Pick<typeof systemClock, "sleep"> | undefined }): Fetch
  parseTape(text: string): Tape
}

interface HostTape<Fetch, Recording> {
  /** Stands in for the network; absent when there is no tape. */
  readonly fetch?: Fetch
  readonly recording?: Recording
  readonly isReplay: boolean
}

/** What a request says of a tape, over the network that it records. */
export function tapeOf<Fetch, Recording extends Fetch, Tape>(
  tape: TapeRequest | undefined,
  through: Fetch,
  { recording, replaying, parseTape }: Tapes<Fetch, Recording, Tape>,
): HostTape<Fetch, Recording> {
  switch (tape?.kind) {
    case undefined:
      return { isReplay: false }
    case "record": {
      const recorder = recording(through, tape.file, { source: tape.source, label: tape.label })
      return { fetch: recorder, recording: recorder, isReplay: false }
    }
    case "replay":
      return { fetch: replaying(tape.file), isReplay: true }
    case "inline": {
      const pace = tape.isLive ? { sleep: systemClock.sleep } : undefined
      return { fetch: replaying(parseTape(tape.text), { pace }), isReplay: true }
    }
  }
}
