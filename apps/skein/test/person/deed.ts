import type { Day } from "./day.ts"

/** Something a person does, from an idle screen to an idle screen. */
export interface Deed {
  readonly name: string
  /** A line that is typed before is there after. */
  readonly keepsDraft?: boolean
  readonly act: (day: Day) => Promise<void>
}
